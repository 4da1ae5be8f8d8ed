/** A cell as a run before it is computed: everything that its id is the hash of. */
import type { PromptIdentity, RunManifest } from '#engine/common/contract/runs.ts'
import { requireFound } from '#store/records/row.ts'
import type { MeasuringGroup, PlannedCell, PlannedPrompt } from './experiment-plan.ts'

/** What of a manifest is known before the run. */
export type PlannedManifest = Pick<
  RunManifest,
  'method' | 'sources' | 'target' | 'prompt' | 'seed' | 'length' | 'anchors' | 'mask' | 'centre' | 'rescale'
> & {
  readonly task: NonNullable<RunManifest['task']>
  readonly template: null
  readonly evaluation: {
    readonly split: 'test'
    readonly rankWithin: 'candidates'
    readonly limit: number | null
  }
}

/** A prompt of the plan: tuned ones are known by how they are tuned. */
function identityOf({ from, id }: PlannedPrompt, task: string): PromptIdentity {
  return { name: task, sha256: from === 'tuning' ? null : id, recipe: from === 'tuning' ? id : null }
}

/** The manifest of a cell of a group, as far as it is planned. */
export function plannedManifest(
  { method, sources, prompt, seed, length, anchors, mask, centre, rescale }: Omit<PlannedCell, 'id'>,
  group: Pick<MeasuringGroup, 'target' | 'sources' | 'task' | 'anchorsHash' | 'prompts'>
): PlannedManifest {
  const { target, task, anchorsHash } = group
  const modelOf = (wanted: string) => {
    const model = group.sources.find(({ name }) => name === wanted)
    const { name, fingerprint } = requireFound(model, 'source', wanted)
    return { name, fingerprint }
  }
  const promptOf = (id: string) =>
    identityOf(
      requireFound(
        group.prompts.find((one) => one.id === id),
        'prompt',
        id
      ),
      task.name
    )
  return {
    method,
    sources: sources.map(({ model, prompt: id, weight }) => ({
      model: modelOf(model),
      prompt: promptOf(id),
      weight
    })),
    target: { name: target.name, fingerprint: target.fingerprint },
    prompt: prompt === null ? null : promptOf(prompt),
    seed,
    length,
    anchors: anchors === null ? null : { name: 'shared words', hash: anchorsHash, count: anchors },
    mask,
    centre,
    rescale,
    task: { name: task.name, sha256: task.sha256 },
    template: null,
    evaluation: { split: 'test', rankWithin: 'candidates', limit: task.limit }
  }
}
