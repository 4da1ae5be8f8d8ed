/** Lays a grid of transfers out: every set of sources with every target and setting, as jobs to queue. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { CheckedTransferGrid } from '#preload/contract/mix-methods.ts'
import type { ProjectReader } from '#store/project-store.ts'
import type { AnchorSetSummary } from '#store/records/anchor-sets.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'
import type { MeasuringGroup } from './experiment-plan.ts'
import { type PlannedSource, planTransfer, type TransferPlan } from './plan-transfer.ts'
import type { PlannedJob } from './registered-inputs.ts'
import { countSubsets, subsetsOf } from './subsets.ts'

type Grid = CheckedTransferGrid

export type LaidGrid = {
  readonly jobs: readonly PlannedJob<MeasuringGroup>[]
  /** What was left out, and why; each once. */
  readonly notes: readonly string[]
}

type Setting = Pick<TransferPlan['settings'], 'mask' | 'centre' | 'method'> & Pick<TransferPlan, 'seeds'>

/** More than this is a mistake rather than a wish. */
const mostJobs = 20_000

function settingsOf({ masks, centres, solvers }: Grid): Setting[] {
  const sides = masks.flatMap((mask) => centres.map((centre) => ({ mask, centre })))
  return sides.flatMap((side) =>
    solvers.flatMap((solver): Setting[] => {
      if (solver.kind === 'exact')
        return solver.ridges.map((ridge) => ({ ...side, method: { kind: 'exact', ridge }, seeds: [] }))
      const { seeds, ...adam } = solver
      return [{ ...side, method: { ...adam, snapshotEvery: null }, seeds }]
    })
  )
}

/** Refuses a grid that no one can mean, before its sets are made. */
function requireModest({ sources, together, targetIds, anchorSetIds }: Grid, settings: number): void {
  const sets = countSubsets(sources.length, together.least, together.most)
  const jobs = sets * targetIds.length * anchorSetIds.length * settings
  if (jobs <= mostJobs) return
  throw new AnchorageError('bad-argument', 'The grid is too large.', {
    where: `${sets} sets of sources, ${targetIds.length} targets, ${anchorSetIds.length} anchor sets, ${settings} settings`,
    found: `${jobs} combinations`,
    expected: `at most ${mostJobs}`,
    next: 'Choose fewer of something.'
  })
}

/** What of a setting is not the same in the whole grid, for the titles of its jobs. */
function describeSetting(
  { mask, centre, method }: Setting,
  anchors: AnchorSetSummary,
  { masks, centres, solvers, anchorSetIds }: Grid
): string {
  const parts: string[] = []
  if (anchorSetIds.length > 1) parts.push(anchors.name)
  if (masks.length > 1) parts.push(mask.kind === 'all' ? 'all anchors' : `k ${mask.k}`)
  if (centres.length > 1) parts.push(centre === 'mean' ? 'centred' : 'not centred')
  const variants = solvers.reduce((sum, one) => sum + (one.kind === 'exact' ? one.ridges.length : 1), 0)
  if (variants > 1) parts.push(method.kind === 'exact' ? `λ ${method.ridge}` : 'Adam')
  return parts.map((part) => ` · ${part}`).join('')
}

/** The newest task of every name. */
function newestByName(tasks: readonly RegisteredTask[]): Map<string, RegisteredTask> {
  const sorted = tasks.toSorted((a, b) => a.createdAt - b.createdAt)
  return new Map(sorted.map((task) => [task.summary.name, task]))
}

async function findSources(read: ProjectReader, { sources }: Grid): Promise<PlannedSource[]> {
  const found: PlannedSource[] = []
  for (const { modelId, promptIds, weight } of sources) {
    const prompts: StoredPrompt[] = []
    for (const id of promptIds) prompts.push(requireFound(await read.prompts.get(id), 'prompt', id))
    found.push({ model: requireFound(await read.models.get(modelId), 'model', modelId), weight, prompts })
  }
  return found
}

async function findAll<T>(
  ids: readonly string[],
  what: string,
  find: (id: string) => T | undefined | Promise<T | undefined>
): Promise<T[]> {
  const found: T[] = []
  for (const id of ids) found.push(requireFound(await find(id), what, id))
  return found
}

/**
 * The jobs of a grid, those of one target after another, so that what was prepared for it is used again.
 * @throws `bad-argument` for more than 20,000 jobs, and what `planTransfer` throws
 */
export async function layGrid(read: ProjectReader, grid: Grid): Promise<LaidGrid> {
  const settings = settingsOf(grid)
  requireModest(grid, settings.length)
  const sets = subsetsOf(await findSources(read, grid), grid.together.least, grid.together.most)
  const targets = await findAll(grid.targetIds, 'model', read.models.get)
  const summaries = await read.anchorSets.list()
  const anchorSets = await findAll(grid.anchorSetIds, 'anchor set', (wanted) =>
    summaries.find(({ id }) => id === wanted)
  )
  const { evaluation, rescale, device } = grid
  const tasks = await read.tasks.list()
  const newest = newestByName(tasks)
  const chosenId = evaluation?.taskId ?? null
  const chosen =
    chosenId === null
      ? undefined
      : requireFound(
          tasks.find(({ id }) => id === chosenId),
          'task',
          chosenId
        )
  const jobs: PlannedJob<MeasuringGroup>[] = []
  const notes = new Set<string>()

  const lay = (
    sources: PlannedSource[],
    target: RegisteredModel,
    anchors: AnchorSetSummary,
    one: Setting
  ) => {
    const { mask, centre, method, seeds } = one
    if (mask.kind !== 'all' && mask.k > anchors.count) {
      notes.add(`k = ${mask.k} is left out with ${anchors.name}, which has ${anchors.count} anchors`)
      return
    }
    const taskOf = (relation: string | null): RegisteredTask | null => {
      const task = chosen ?? (relation === null ? undefined : newest.get(relation))
      if (task === undefined) notes.add(`not evaluated, no task of that name: ${relation ?? 'no relation'}`)
      return task ?? null
    }
    const planned = planTransfer({
      sources,
      target,
      anchors,
      settings: { mask, centre, method, rescale, device },
      evaluation:
        evaluation === null || target.report.graph.file === null
          ? null
          : { split: evaluation.split, rankWithin: evaluation.rankWithin, limit: evaluation.limit },
      seeds,
      taskOf,
      described: describeSetting(one, anchors, grid)
    })
    for (const note of planned.notes) notes.add(note)
    jobs.push(planned.job)
  }

  for (const target of targets) {
    const others = sets.filter(
      (sources) => grid.includeSelfTransfer || sources.every(({ model }) => model.id !== target.id)
    )
    if (others.length < sets.length)
      notes.add(
        `${sets.length - others.length} sets are left out that hold their target, ${target.report.name}`
      )
    if (evaluation !== null && target.report.graph.file === null)
      notes.add(`${target.report.name} is not evaluated: ${target.report.graph.note}`)
    for (const anchors of anchorSets)
      for (const sources of others) for (const one of settings) lay(sources, target, anchors, one)
  }
  return { jobs, notes: [...notes] }
}
