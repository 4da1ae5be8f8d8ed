/** Plans a transfer: which prompts of the sources belong together, one work group each. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  drawsNumbers,
  type RefineMethod,
  type RunMethod,
  type TransferMethod,
  whatCounts
} from '#engine/common/contract/methods.ts'
import type { EvaluationSettings } from '#engine/common/contract/runs.ts'
import {
  type Centre,
  differentLengths,
  type MaskSettings,
  nothingCentredInside,
  nothingInside,
  type Rescale
} from '#engine/common/contract/transfer.ts'
import { commonValue } from '#main/project/common-value.ts'
import type { AnchorSetSummary } from '#store/records/anchor-sets.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'
import { bestWords, type MeasuringGroup } from './experiment-plan.ts'
import { type PlannedJob, projectPrompt, registeredModel, registeredTask } from './registered-inputs.ts'

export type PlannedSource = {
  readonly model: RegisteredModel
  readonly weight: number
  /** One prompt, or one per relation. */
  readonly prompts: readonly StoredPrompt[]
}

export type TransferPlan = {
  readonly sources: readonly PlannedSource[]
  readonly target: RegisteredModel
  /** Null where the method needs none. */
  readonly anchors: Pick<AnchorSetSummary, 'name' | 'hash' | 'count'> | null
  readonly settings: {
    /** Random vectors are what transfers are held against; refinement needs a task beside. */
    readonly method: TransferMethod | RefineMethod | Extract<RunMethod, { kind: 'random' }>
    readonly mask: MaskSettings
    readonly centre: Centre
    /** Of the method itself; baselines have one of their own. */
    readonly rescale: Rescale
    /** `auto` or a provider's name. */
    readonly device: string
  }
  /** Null: the prompts are not evaluated; refinement asks the inputs of the task all the same. */
  readonly evaluation: EvaluationSettings | null
  /** One cell per seed where the method draws numbers. */
  readonly seeds: readonly number[]
  /** The task that the prompts of a relation are evaluated on, or refined with. */
  readonly taskOf: (relation: string | null) => RegisteredTask | null
  /** Appended to the title. */
  readonly described?: string
}

/** A prompt of each source, in their order, that belong together. */
type Together = {
  readonly label: string
  readonly relation: string | null
  readonly prompts: readonly StoredPrompt[]
}

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
function checkSettings({ settings: { method, rescale, centre }, evaluation }: TransferPlan): void {
  if ('selection' in method && method.selection === 'validation' && evaluation === null) {
    throw new AnchorageError('unsupported', 'A transfer that is not evaluated validates nothing.', {
      where: `selection of ${method.kind}`,
      found: method.selection,
      expected: 'lowest-loss or last',
      next: 'Run it in an experiment, which follows it on the dev split.'
    })
  }
  if (rescale !== 'inside') return
  if (method.kind === 'exact' || method.kind === 'refine') throw nothingInside()
  if (method.kind === 'adam' && centre === 'mean') throw nothingCentredInside()
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

function together(relation: string | null, prompts: readonly StoredPrompt[]): Together {
  const label = relation ?? prompts[0]?.prompt.name ?? ''
  checkLengths(label, prompts)
  return { label, relation, prompts }
}

/** Groups the sources' prompts: one each makes one group, else those of the same relation. */
function groupPrompts(sources: readonly PlannedSource[]): { groups: Together[]; notes: string[] } {
  const single = sources.every(({ prompts }) => prompts.length === 1)
  if (single) {
    const prompts = sources.flatMap((source) => source.prompts)
    const related = prompts.find(({ prompt }) => prompt.relation !== null)
    return { groups: [together(related?.prompt.relation ?? null, prompts)], notes: [] }
  }
  const trees = sources.map(promptsByRelation)
  const relations = [...new Set(trees.flatMap((tree) => [...tree.keys()]))].sort()
  const groups: Together[] = []
  const missing: string[] = []
  for (const relation of relations) {
    const prompts = trees.flatMap((tree) => tree.get(relation) ?? [])
    if (prompts.length === sources.length) {
      groups.push(together(relation, prompts))
    } else missing.push(relation)
  }
  const notes = missing.length === 0 ? [] : [`left out, not tuned on every source: ${missing.join(', ')}`]
  return { groups, notes }
}

/** The work group of prompts that belong together, with the one cell that they are. */
function groupOf(
  { sources, target, anchors, settings, evaluation, taskOf }: TransferPlan,
  { prompts, relation }: Together,
  { id, label, name, seed }: Pick<MeasuringGroup, 'id' | 'label'> & { name: string; seed: number | null }
): MeasuringGroup {
  const { method, mask, centre, rescale, device } = settings
  const counts = whatCounts(method)
  const task = evaluation === null && method.kind !== 'refine' ? null : taskOf(relation)
  const models = new Map(sources.map(({ model }) => [model.id, registeredModel(model)]))
  const used = counts.anchors ? anchors : null
  return {
    kind: 'measuring',
    id,
    label,
    device,
    task: task === null ? null : registeredTask(task, evaluation?.limit ?? null),
    evaluation: evaluation && {
      split: evaluation.split,
      rankWithin: evaluation.rankWithin,
      wordsKept: bestWords
    },
    target: registeredModel(target),
    sources: [...models.values()],
    anchorsHash: used?.hash ?? null,
    anchorsName: used?.name ?? '',
    prompts: prompts.map(projectPrompt),
    cells: [
      {
        id,
        name,
        method,
        sources: (counts.sources === 'none' ? [] : sources).map(({ model, weight }, index) => ({
          model: model.id,
          weight,
          prompt: requireFound(prompts[index], 'prompt of a source', `${index + 1}`).id
        })),
        prompt: null,
        seed,
        length: prompts[0]?.prompt.vectors.rows ?? null,
        anchors: used?.count ?? null,
        mask: counts.mask ? mask : null,
        centre: counts.anchors ? centre : 'none',
        rescale: counts.rescale ? rescale : null,
        template: commonValue(prompts.map(({ prompt }) => prompt.template))
      }
    ]
  }
}

/**
 * The job of a transfer, with a group per relation (and per seed where the method draws numbers).
 * @throws `bad-argument` where there is nothing to transfer or the settings make no sense, `mismatch` where
 * prompts that belong together differ in length
 */
export function planTransfer(plan: TransferPlan): { job: PlannedJob<MeasuringGroup>; notes: string[] } {
  const { sources, target, settings, seeds, described = '' } = plan
  checkSettings(plan)
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
  const title = `${names} → ${target.report.name}${described}`
  const perSeed = drawsNumbers(settings.method) ? seeds : [null]
  const cells = groups.flatMap((one) =>
    perSeed.map((seed) => ({
      one,
      seed,
      label: perSeed.length > 1 ? `${one.label}, seed ${seed}` : one.label
    }))
  )
  return {
    job: {
      title,
      groups: cells.map(({ one, seed, label }, index) =>
        groupOf(plan, one, { id: `${index}`, label, name: `${label} (${title})`, seed })
      )
    },
    notes
  }
}
