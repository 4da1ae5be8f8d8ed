/** A cell as a run before it is computed: everything that its id is the hash of. */
import type {
  EvaluationSettings,
  PromptIdentity,
  RefinementRecord,
  RunManifest
} from '#engine/common/contract/runs.ts'
import { commonValue } from '#main/project/common-value.ts'
import { requireFound } from '#store/records/row.ts'
import type { MeasuringGroup, PlannedCell, PlannedModel, PlannedPrompt } from './experiment-plan.ts'

/** What of a manifest is known before the run. */
export type PlannedManifest = Pick<
  RunManifest,
  | 'method'
  | 'sources'
  | 'target'
  | 'prompt'
  | 'seed'
  | 'length'
  | 'anchors'
  | 'mask'
  | 'centre'
  | 'rescale'
  | 'task'
  | 'relation'
  | 'template'
> & {
  readonly evaluation: EvaluationSettings | null
  readonly refinement?: Pick<RefinementRecord, 'task'>
}

type Group = Pick<
  MeasuringGroup,
  'target' | 'sources' | 'task' | 'evaluation' | 'anchorsHash' | 'anchorsName' | 'prompts'
>

/** The source that cells name so. */
export function requireSource({ sources }: Pick<MeasuringGroup, 'sources'>, wanted: string): PlannedModel {
  return requireFound(
    sources.find(({ name, registered }) => (registered ?? name) === wanted),
    'source',
    wanted
  )
}

/** The prompt of that id. */
export function requirePrompt({ prompts }: Pick<MeasuringGroup, 'prompts'>, wanted: string): PlannedPrompt {
  return requireFound(
    prompts.find(({ id }) => id === wanted),
    'prompt',
    wanted
  )
}

/** A prompt of the plan: tuned ones are known by how they are tuned, and called like the task. */
function identityOf(prompt: PlannedPrompt, { task }: Group): PromptIdentity {
  const name = task?.name ?? prompt.id
  switch (prompt.from) {
    case 'file':
      return { name, sha256: prompt.id, recipe: null }
    case 'tuning':
      return { name, sha256: null, recipe: prompt.id }
    case 'project':
      return { name: prompt.name, sha256: prompt.sha256, recipe: prompt.recipe }
  }
}

/** The target's own prompt; one that is evaluated as it is goes by its vectors, however it was tuned. */
function ownPrompt({ method, prompt }: Omit<PlannedCell, 'id'>, group: Group): PromptIdentity | null {
  if (prompt === null) return null
  const identity = identityOf(requirePrompt(group, prompt), group)
  return method.kind === 'prompt' ? { ...identity, recipe: null } : identity
}

/** What relation a cell is of: that of its prompts where they agree, else that of the task. */
function relationOf({ sources, prompt }: Omit<PlannedCell, 'id'>, group: Group): string | null {
  const ids = prompt === null ? sources.map((source) => source.prompt) : [prompt]
  const prompts = ids.map((id) => requirePrompt(group, id))
  const own = commonValue(prompts.map((one) => (one.from === 'project' ? one.relation : null)))
  return own ?? (group.task?.source.kind === 'relation' ? group.task.name : null)
}

/** The manifest of a cell of a group, as far as it is planned. */
export function plannedManifest(cell: Omit<PlannedCell, 'id'>, group: Group): PlannedManifest {
  const { method, sources, seed, length, anchors, mask, centre, rescale, template } = cell
  const { target, task, anchorsHash, anchorsName, evaluation } = group
  const identity = task === null ? null : { name: task.name, sha256: task.sha256 }
  return {
    method,
    sources: sources.map(({ model, prompt: id, weight }) => {
      const { name, fingerprint } = requireSource(group, model)
      return { model: { name, fingerprint }, prompt: identityOf(requirePrompt(group, id), group), weight }
    }),
    target: { name: target.name, fingerprint: target.fingerprint },
    prompt: ownPrompt(cell, group),
    seed,
    length,
    anchors:
      anchors === null || anchorsHash === null
        ? null
        : { name: anchorsName, hash: anchorsHash, count: anchors },
    mask,
    centre,
    rescale,
    ...(method.kind === 'refine' && identity !== null ? { refinement: { task: identity } } : {}),
    task: evaluation === null ? null : identity,
    relation: relationOf(cell, group),
    template,
    evaluation:
      task === null || evaluation === null
        ? null
        : { split: evaluation.split, rankWithin: evaluation.rankWithin, limit: task.limit }
  }
}
