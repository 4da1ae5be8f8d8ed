/** Lays a grid of transfers out: every set of sources with every target and setting, as jobs to queue. */
import { defaults } from '#engine/common/contract/defaults.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { isBaseline, whatCounts } from '#engine/common/contract/methods.ts'
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

function settingsOf({ masks, centres, searches, baselines }: Grid): Setting[] {
  const sides = masks.flatMap((mask) => centres.map((centre) => ({ mask, centre })))
  const compared = baselines.map(
    (method): Setting => ({ mask: defaults.mask, centre: 'none', method, seeds: [defaults.seed] })
  )
  const searched = sides.flatMap((side) =>
    searches.flatMap((search): Setting[] => {
      if (search.kind === 'exact')
        return search.ridges.map((ridge) => ({ ...side, method: { kind: 'exact', ridge }, seeds: [] }))
      const { seeds, ...adam } = search
      return [{ ...side, method: { ...adam, snapshotEvery: null }, seeds }]
    })
  )
  return [...searched, ...compared]
}

/** Refuses a grid that no one can mean, before its sets are made. */
function requireModest(grid: Grid, settings: number): void {
  const { sources, together, mixtures, targetIds, anchorSetIds } = grid
  const sets = mixtures.length || countSubsets(sources.length, together.least, together.most)
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
  { masks, centres, searches, baselines, anchorSetIds }: Grid
): string {
  const parts: string[] = []
  if (anchorSetIds.length > 1) parts.push(anchors.name)
  if (isBaseline(method)) return [...parts, method.kind].map((part) => ` · ${part}`).join('')
  if (masks.length > 1) parts.push(mask.kind === 'all' ? 'all anchors' : `k ${mask.k}`)
  if (centres.length > 1) parts.push(centre === 'mean' ? 'centred' : 'not centred')
  const variants = searches.reduce(
    (sum, one) => sum + (one.kind === 'exact' ? one.ridges.length : 1),
    baselines.length
  )
  if (variants > 1) parts.push(method.kind === 'exact' ? `λ ${method.ridge}` : 'Adam')
  return parts.map((part) => ` · ${part}`).join('')
}

/** The newest task of every name. */
function newestByName(tasks: readonly RegisteredTask[]): Map<string, RegisteredTask> {
  const sorted = tasks.toSorted((a, b) => a.createdAt - b.createdAt)
  return new Map(sorted.map((task) => [task.summary.name, task]))
}

/** The sources that have some weight in each mixture, with that weight. */
function mixturesOf(sources: readonly PlannedSource[], { mixtures }: Grid): PlannedSource[][] {
  return mixtures.map((weights) => {
    const mixed = sources.flatMap((source, index) => {
      const weight = weights[index] ?? 0
      return weight > 0 ? [{ ...source, weight }] : []
    })
    if (mixed.length > 0 && weights.length === sources.length) return mixed
    throw new AnchorageError('bad-argument', 'The weights of a mixture do not fit its sources.', {
      found: `weights ${weights.join(' : ')} for ${sources.length} sources`,
      expected: 'a weight for each source, not all of them 0',
      next: 'Give each source a weight.'
    })
  })
}

/** `1 : 3` for the titles of jobs; empty where all weights are alike. */
function describeWeights(sources: readonly PlannedSource[]): string {
  const weights = sources.map(({ weight }) => weight)
  return new Set(weights).size === 1 ? '' : ` · ${weights.join(' : ')}`
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

/** The settings with each set of anchors: what needs none is the same with all of them, and stands with the first. */
function spread(anchorSets: readonly AnchorSetSummary[], settings: readonly Setting[]) {
  const anchored = settings.filter(({ method }) => whatCounts(method).anchors)
  return anchorSets.map((anchors, index) => ({ anchors, settings: index === 0 ? settings : anchored }))
}

/** Why a combination is left out; null where it is not. */
function whyLeftOut(
  sources: readonly PlannedSource[],
  target: RegisteredModel,
  anchors: AnchorSetSummary,
  { mask, method }: Setting
): string | null {
  if (mask.kind !== 'all' && mask.k > anchors.count)
    return `k = ${mask.k} is left out with ${anchors.name}, which has ${anchors.count} anchors`
  const isAsWide = sources.every(({ model }) => model.report.width === target.report.width)
  return whatCounts(method).sources === 'as-wide' && !isAsWide
    ? `${method.kind} is left out where a source is not as wide as ${target.report.name}`
    : null
}

/** The task of the project that prompts of a relation are evaluated on: the one that is chosen, else the newest of its name. */
async function taskFinder(
  { tasks }: ProjectReader,
  { evaluation }: Grid
): Promise<(relation: string | null) => RegisteredTask | null> {
  const taskId = evaluation?.taskId ?? null
  if (taskId !== null) {
    const chosen = requireFound(await tasks.get(taskId), 'task', taskId)
    return () => chosen
  }
  const newest = newestByName(await tasks.list())
  return (relation) => (relation === null ? null : (newest.get(relation) ?? null))
}

/** How prompts are evaluated on a target; null where they are not, or it can't be asked. */
function evaluationOn({ report }: RegisteredModel, { evaluation }: Grid): TransferPlan['evaluation'] {
  if (evaluation === null || report.graph.file === null) return null
  const { split, rankWithin, limit } = evaluation
  return { split, rankWithin, limit }
}

/**
 * The jobs of a grid, those of one target after another, so that what was prepared for it is used again.
 * @throws `bad-argument` for more than 20,000 jobs, and what `planTransfer` throws
 */
export async function layGrid(read: ProjectReader, grid: Grid): Promise<LaidGrid> {
  const settings = settingsOf(grid)
  requireModest(grid, settings.length)
  const sources = await findSources(read, grid)
  const sets =
    grid.mixtures.length === 0
      ? subsetsOf(sources, grid.together.least, grid.together.most)
      : mixturesOf(sources, grid)
  const targets = await findAll(grid.targetIds, 'model', read.models.get)
  const summaries = await read.anchorSets.list()
  const anchorSets = await findAll(grid.anchorSetIds, 'anchor set', (wanted) =>
    summaries.find(({ id }) => id === wanted)
  )
  const { evaluation, rescale, device } = grid
  const findTask = await taskFinder(read, grid)
  const jobs: PlannedJob<MeasuringGroup>[] = []
  const notes = new Set<string>()

  const lay = (
    sources: PlannedSource[],
    target: RegisteredModel,
    anchors: AnchorSetSummary,
    one: Setting
  ) => {
    const { mask, centre, method, seeds } = one
    const reason = whyLeftOut(sources, target, anchors, one)
    if (reason !== null) {
      notes.add(reason)
      return
    }
    const taskOf = (relation: string | null): RegisteredTask | null => {
      const task = findTask(relation)
      if (task === null) notes.add(`not evaluated, no task of that name: ${relation ?? 'no relation'}`)
      return task
    }
    const planned = planTransfer({
      sources,
      target,
      anchors,
      settings: { mask, centre, method, rescale, device },
      evaluation: evaluationOn(target, grid),
      seeds,
      taskOf,
      described: describeWeights(sources) + describeSetting(one, anchors, grid)
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
    for (const { anchors, settings: own } of spread(anchorSets, settings))
      for (const sources of others) for (const one of own) lay(sources, target, anchors, one)
  }
  return { jobs, notes: [...notes] }
}
