/** What a person has chosen to combine, and the grid of transfers that it makes. */
import { defaults } from '#engine/common/contract/defaults.ts'
import { type BaselineSettings, baselineMethods } from '#engine/common/contract/methods.ts'
import { type Centre, type MaskSettings, searchSettingsSchema } from '#engine/common/contract/transfer.ts'
import type { TransferGrid } from '#preload/contract/mix-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { keptOf, type MixSetup, type MixSource, modelOf, namesOf } from '../mix-choice.ts'
import { relationOf } from '../task-sample.ts'
import { isRidge, isSeed, parseKept, parseNumbers } from './number-list.ts'

/** Who can be a source, with its prompt for every relation; prompts of no relation stand under ''. */
export type Candidate = {
  readonly key: string
  readonly label: string
  readonly modelId: string
  readonly prompts: ReadonlyMap<string, string>
}

export type GridChoice = {
  /** Keys of candidates. */
  readonly sources: readonly string[]
  readonly relations: readonly string[]
  readonly least: number
  readonly most: number
  readonly includeSelfTransfer: boolean
  readonly targetIds: readonly string[]
  readonly anchorSetIds: readonly string[]
  /** `k`, `all` among them. */
  readonly kept: string
  readonly mask: 'top-k' | 'common-top-k'
  readonly centres: readonly Centre[]
  readonly exact: boolean
  readonly ridges: string
  readonly adam: boolean
  readonly baselines: readonly BaselineKind[]
  readonly steps: number
  readonly seeds: string
  readonly evaluate: boolean
  /** Only the first so many examples; null: all. */
  readonly limit: number | null
}

export type BaselineKind = BaselineSettings['kind']
export const baselineKinds: readonly BaselineKind[] = baselineMethods.map(({ shape }) => shape.kind.value)

const [, adamSettingsSchema] = searchSettingsSchema.options

/** The prompts of one model, one per relation: those of the mixture before others, given ones before transferred ones. */
function promptsByRelation(
  prompts: readonly PromptSummary[],
  { promptIds }: MixSetup,
  vectorCount: number
): Map<string, string> {
  const rank = ({ id, runId }: PromptSummary): number => (promptIds.includes(id) ? 2 : runId === null ? 1 : 0)
  const sorted = prompts
    .filter((prompt) => prompt.relation !== null && prompt.vectorCount === vectorCount && rank(prompt) > 0)
    .toSorted((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt)
  return new Map(sorted.map(({ relation, id }) => [relation ?? '', id]))
}

/** The models that have prompts like the mixture's; without a common relation the mixture's own prompts alone. */
export function candidatesOf(setup: MixSetup, sources: readonly MixSource[], lists: Lists): Candidate[] {
  const names = namesOf(sources)
  const own = sources.map(({ prompt, model }, index) => ({
    key: prompt.id,
    label: names[index] ?? '',
    modelId: model.id,
    prompts: new Map([['', prompt.id]])
  }))
  const vectorCount = sources[0]?.prompt.vectorCount
  const models = new Set(sources.map(({ model }) => model.id))
  if (vectorCount === undefined || relationOf(sources) === null || models.size < sources.length) return own
  return lists.models.flatMap((model) => {
    const prompts = lists.prompts.filter((prompt) => modelOf(prompt, lists.models)?.id === model.id)
    const byRelation = promptsByRelation(prompts, setup, vectorCount)
    const candidate = { key: model.id, label: model.report.name, modelId: model.id, prompts: byRelation }
    return byRelation.size === 0 ? [] : [candidate]
  })
}

/** The relations that any candidate has a prompt for; none where they are told apart by nothing. */
export function relationsOf(candidates: readonly Candidate[]): string[] {
  const all = new Set(candidates.flatMap(({ prompts }) => [...prompts.keys()]))
  return [...all].filter((relation) => relation !== '').sort()
}

/** The mixture itself and its parts, to its target with its settings. */
export function startingGrid(
  setup: MixSetup,
  sources: readonly MixSource[],
  candidates: readonly Candidate[],
  lists: Pick<Lists, 'sets'>
): GridChoice {
  const relation = relationsOf(candidates).length === 0 ? '' : (relationOf(sources) ?? '')
  const own = new Set(sources.flatMap(({ prompt, model }) => [prompt.id, model.id]))
  return {
    sources: candidates.filter(({ key }) => own.has(key)).map(({ key }) => key),
    relations: [relation],
    least: 1,
    most: sources.length,
    includeSelfTransfer: false,
    targetIds: setup.targetId === null ? [] : [setup.targetId],
    anchorSetIds: setup.anchorSetId === null ? [] : [setup.anchorSetId],
    kept: setup.mask === 'all' ? 'all' : `all, ${keptOf(setup, lists)}`,
    mask: setup.mask === 'common-top-k' ? 'common-top-k' : 'top-k',
    centres: [setup.centre],
    exact: true,
    ridges: `${setup.ridge}`,
    adam: false,
    baselines: [],
    steps: adamSettingsSchema.shape.steps.parse(undefined),
    seeds: [0, 1, 2].map((after) => defaults.seed + after).join(', '),
    evaluate: true,
    limit: null
  }
}

function masksOf({ kept, mask }: GridChoice): MaskSettings[] | null {
  const counts = parseKept(kept)
  return (
    counts?.map((k): MaskSettings => {
      if (k === 'all') return { kind: 'all' }
      return mask === 'top-k' ? { kind: 'top-k', k, from: 'sum' } : { kind: 'common-top-k', k }
    }) ?? null
  )
}

function searchesOf({ exact, ridges, adam, steps, seeds }: GridChoice): TransferGrid['searches'] | null {
  const searches: TransferGrid['searches'] = []
  const ridgeList = parseNumbers(ridges, isRidge)
  const seedList = parseNumbers(seeds, isSeed)
  if ((exact && ridgeList === null) || (adam && seedList === null)) return null
  if (exact && ridgeList !== null) searches.push({ kind: 'exact', ridges: ridgeList })
  if (adam && seedList !== null) searches.push({ kind: 'adam', steps, seeds: seedList })
  return searches
}

/** The grid, or null where a part of it is missing or can't be read. */
export function gridOf(
  choice: GridChoice,
  candidates: readonly Candidate[],
  { rescale }: MixSetup
): TransferGrid | null {
  const masks = masksOf(choice)
  const searches = searchesOf(choice)
  const sources = candidates
    .filter(({ key }) => choice.sources.includes(key))
    .map(({ modelId, prompts }) => ({
      modelId,
      promptIds: choice.relations.flatMap((relation) => prompts.get(relation) ?? [])
    }))
  const { least, most, includeSelfTransfer, targetIds, anchorSetIds, centres, baselines, evaluate, limit } =
    choice
  const isComplete =
    sources.length > 0 &&
    sources.every(({ promptIds }) => promptIds.length > 0) &&
    targetIds.length > 0 &&
    anchorSetIds.length > 0 &&
    centres.length > 0 &&
    (choice.exact || choice.adam || baselines.length > 0) &&
    least <= most
  if (masks === null || searches === null || !isComplete) return null
  return {
    sources,
    together: { least, most },
    includeSelfTransfer,
    targetIds: [...targetIds],
    anchorSetIds: [...anchorSetIds],
    masks,
    centres: [...centres],
    searches,
    baselines: baselines.map((kind) => ({ kind })),
    rescale,
    evaluation: evaluate ? { split: 'test', limit, taskId: null } : null
  }
}
