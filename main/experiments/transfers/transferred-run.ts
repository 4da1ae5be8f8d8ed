/** A transferred prompt as a run, not evaluated. */
import {
  drawsNumbers,
  type RunMethod,
  type TransferMethod,
  whatCounts
} from '#engine/common/contract/methods.ts'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import { modelIdentity } from '#main/catalogue/models.ts'
import type { FoundCell } from '#main/experiments/execute/groups/group-transfer.ts'
import { commonValue } from '#main/project/common-value.ts'
import type { StoredAnchorSet } from '#store/records/anchor-sets.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import type { NewRun } from '#store/records/runs.ts'

/** What was transferred to what, and how, from the project's records. */
export type Transferred = Pick<RunManifest, 'seed' | 'mask' | 'centre' | 'rescale' | 'versions'> & {
  readonly method: TransferMethod | Extract<RunMethod, { kind: 'random' }>
  readonly sources: readonly {
    readonly model: RegisteredModel
    readonly weight: number
    readonly stored: StoredPrompt
  }[]
  readonly target: RegisteredModel
  /** Null where the method needs none. */
  readonly anchors: Pick<StoredAnchorSet, 'set'> | null
  /** As it was asked for. */
  readonly device: string
}

type Found = Pick<
  FoundCell,
  'matching' | 'report' | 'loss' | 'chosenStep' | 'notes' | 'seconds' | 'selection' | 'checked' | 'device'
>

/** The run; settings that do not count for its method are left out. */
export function transferredRun(
  { method, sources, target, anchors, seed, mask, centre, rescale, device, versions }: Transferred,
  { selection, checked, device: used, ...found }: Found,
  { cellId, name, length }: { readonly cellId: string | null; readonly name: string; readonly length: number }
): NewRun {
  const counts = whatCounts(method)
  const prompts = sources.map(({ stored }) => stored.prompt)
  return {
    cellId,
    promptId: null,
    name,
    manifest: {
      method,
      sources:
        counts.sources === 'none'
          ? []
          : sources.map(({ model, weight, stored }) => ({
              model: modelIdentity(model),
              prompt: { name: stored.prompt.name, sha256: stored.sha256, recipe: stored.recipe },
              weight
            })),
      target: modelIdentity(target),
      prompt: null,
      seed: drawsNumbers(method) ? seed : null,
      length,
      anchors:
        anchors === null || !counts.anchors
          ? null
          : { name: anchors.set.name, hash: anchors.set.hash, count: anchors.set.anchors.length },
      mask: counts.mask ? mask : null,
      centre: counts.anchors ? centre : 'none',
      rescale: counts.rescale ? rescale : null,
      tuning: null,
      task: null,
      relation: commonValue(prompts.map(({ relation }) => relation)),
      template: commonValue(prompts.map(({ template }) => template)),
      evaluation: null,
      selection,
      ...checked,
      device: { asked: device, used: used ?? device },
      versions
    },
    curve: [],
    scores: null,
    predictions: null,
    evaluationSeconds: null,
    ...found
  }
}

/** Where the vectors stand that sources' prompts became: where theirs do, if all agree. */
export function commonPosition(sources: Transferred['sources']): Prompt['position'] {
  return commonValue(sources.map(({ stored }) => stored.prompt.position)) ?? 'unknown'
}
