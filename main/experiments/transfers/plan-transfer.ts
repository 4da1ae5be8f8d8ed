/** Plans a transfer: which prompts of the sources belong together, one cell each. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { drawsNumbers } from '#engine/common/contract/methods.ts'
import { differentLengths, nothingCentredInside, nothingInside } from '#engine/common/contract/transfer.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import type { TransferSettings, TransferWork } from '#store/records/work.ts'

export type PlannedSource = {
  readonly model: RegisteredModel
  readonly weight: number
  /** One prompt, or one per relation. */
  readonly prompts: readonly StoredPrompt[]
}

export type TransferPlan = {
  readonly sources: readonly PlannedSource[]
  readonly target: RegisteredModel
  readonly anchorSetId: string | null
  readonly settings: Pick<TransferSettings, 'mask' | 'centre' | 'solver' | 'rescale' | 'device'> &
    Partial<Pick<TransferSettings, 'evaluation'>>
  /** One cell per seed where the method draws numbers. */
  readonly seeds: readonly number[]
  /** The task that the prompts of a relation are asked; none where not given. */
  readonly taskOf?: (relation: string | null) => string | null
}

/** A job that transfers, and nothing else. */
export type TransferJob = {
  readonly title: string
  readonly settings: TransferSettings
  readonly cells: readonly { readonly label: string; readonly work: TransferWork }[]
}

type Group = { readonly label: string; readonly relation: string | null; readonly promptIds: string[] }

function promptsByRelation(source: PlannedSource): Map<string, StoredPrompt> {
  const byRelation = new Map<string, StoredPrompt>()
  for (const stored of source.prompts) {
    const { relation, name } = stored.prompt
    if (relation === null || byRelation.has(relation)) {
      throw new AnchorageError('bad-argument', 'The prompts of a source can not be told apart by relation.', {
        where: source.model.report.name,
        found: relation === null ? `${name} has no relation` : `two prompts of ${relation}`,
        expected: 'one prompt, or one per relation',
        next: 'Give a tree <relation>/prompt_vecs.npy with one file per relation.'
      })
    }
    byRelation.set(relation, stored)
  }
  return byRelation
}

/** Refuses what every cell would refuse, before a job of it is stored. */
function checkSettings({ solver, rescale, centre }: TransferPlan['settings']): void {
  if (solver.kind === 'projector' && solver.selection === 'validation') {
    throw new AnchorageError('unsupported', 'A transfer by itself validates nothing.', {
      where: 'selection of the projector',
      found: solver.selection,
      expected: 'lowest-loss or last',
      next: 'Run it in an experiment, which follows it on the dev split.'
    })
  }
  if (rescale !== 'inside') return
  if (solver.kind === 'exact') throw nothingInside()
  if (solver.kind === 'adam' && centre === 'mean') throw nothingCentredInside()
}

function checkLengths(label: string, prompts: readonly StoredPrompt[]): void {
  const lengths = prompts.map(({ prompt }) => prompt.vectors.rows)
  if (new Set(lengths).size <= 1) return
  throw differentLengths(
    label,
    prompts.map(({ prompt }) => ({
      name: prompt.model.name ?? 'a model without a name',
      lengths: [prompt.vectors.rows]
    }))
  )
}

function groupOf(relation: string | null, prompts: readonly StoredPrompt[]): Group {
  const label = relation ?? prompts[0]?.prompt.name ?? ''
  checkLengths(label, prompts)
  return { label, relation, promptIds: prompts.map(({ id }) => id) }
}

/** Groups the sources' prompts: one each makes one group, else those of the same relation. */
function groupPrompts(sources: readonly PlannedSource[]): { groups: Group[]; notes: string[] } {
  const single = sources.every(({ prompts }) => prompts.length === 1)
  if (single) {
    const prompts = sources.flatMap((source) => source.prompts)
    const related = prompts.find(({ prompt }) => prompt.relation !== null)
    return { groups: [groupOf(related?.prompt.relation ?? null, prompts)], notes: [] }
  }
  const trees = sources.map(promptsByRelation)
  const relations = [...new Set(trees.flatMap((tree) => [...tree.keys()]))].sort()
  const groups: Group[] = []
  const missing: string[] = []
  for (const relation of relations) {
    const prompts = trees.flatMap((tree) => tree.get(relation) ?? [])
    if (prompts.length === sources.length) {
      groups.push(groupOf(relation, prompts))
    } else missing.push(relation)
  }
  const notes = missing.length === 0 ? [] : [`left out, not tuned on every source: ${missing.join(', ')}`]
  return { groups, notes }
}

/**
 * The job of a transfer, with a cell per relation (and per seed where the method draws numbers).
 * @throws `bad-argument` where there is nothing to transfer or the settings make no sense, `mismatch` where
 * prompts that belong together differ in length
 */
export function planTransfer(plan: TransferPlan): { job: TransferJob; notes: string[] } {
  const { sources, target, anchorSetId, settings, seeds, taskOf = () => null } = plan
  checkSettings(settings)
  const { groups, notes } = groupPrompts(sources)
  if (groups.length === 0) {
    throw new AnchorageError('bad-argument', 'The sources have no relation in common.', {
      found: sources
        .map(({ model, prompts }) => `${model.report.name}: ${prompts.length} prompts`)
        .join('; '),
      expected: 'prompts of the same relations',
      next: 'Check the folders of the sources.'
    })
  }
  const names = sources.map(({ model }) => model.report.name).join(' + ')
  const perSeed = drawsNumbers(settings.solver) ? seeds : [null]
  const cells = groups.flatMap(({ label, relation, promptIds }) =>
    perSeed.map((seed) => ({
      label: perSeed.length > 1 ? `${label}, seed ${seed}` : label,
      work: { kind: 'transfer' as const, promptIds, seed, taskId: taskOf(relation) }
    }))
  )
  const sourceSettings = sources.map(({ model, weight }) => ({ modelId: model.id, weight }))
  const job: TransferJob = {
    title: `${names} → ${target.report.name}`,
    settings: {
      kind: 'transfer',
      sources: sourceSettings,
      targetId: target.id,
      anchorSetId,
      evaluation: null,
      ...settings
    },
    cells
  }
  return { job, notes }
}
