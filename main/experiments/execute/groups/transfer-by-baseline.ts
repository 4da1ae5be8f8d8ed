/** Transfers by a baseline. What it fits to a source and the target is fitted once for all their prompts. */

import type { BaselineResult } from '#engine/common/contract/baselines.ts'
import {
  type BaselineSettings,
  baselineRequested,
  drawsNumbers,
  type RunMethod
} from '#engine/common/contract/methods.ts'
import { retrievalNotes } from '#engine/common/contract/retrieval.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import type { PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { requireFound } from '#store/records/row.ts'
import { conditionRetrieval } from '../condition-retrieval.ts'
import { type FoundCell, promptCondition, sidesOf, type Transferring } from './group-transfer.ts'

/** What cells have in common whose prompts one fitted map serves. */
export function fitKey({ method, sources, anchors, centre, seed }: PlannedCell): string {
  const weighted = sources.map(({ model, weight }) => [model, weight])
  return JSON.stringify([method, weighted, anchors, centre, drawsNumbers(method) ? seed : null])
}

/** What the result of a baseline says of each of its prompts; of several sources the loss of the first. */
export function baselineOutcome(
  method: Pick<RunMethod, 'kind'> & { readonly selection?: RunManifest['selection'] },
  { prompts, lossCurve, notes, device, seconds }: BaselineResult
): Omit<FoundCell, 'cell' | 'manifest' | 'condition' | 'snapshots'> {
  const [trained] = lossCurve?.perSource ?? []
  return {
    matching: null,
    report: null,
    loss: trained?.loss ?? null,
    selection: method.selection ?? 'none',
    chosenStep: trained?.chosenStep ?? null,
    curve: [],
    notes,
    device,
    seconds: seconds / prompts.length
  }
}

/** Cells of the same sources and maps: each map is fitted once, and maps all prompts of its source. */
export async function transferByBaseline(
  transferring: Transferring,
  cells: readonly PlannedCell[],
  first: PlannedCell,
  settings: BaselineSettings
): Promise<FoundCell[]> {
  const { engine, signal, onProgress } = transferring.context
  const { target, anchors, device, ...sides } = sidesOf(transferring, first, first.sources)
  const sources = sides.sources.map(({ model, weight }, index) => ({
    model,
    weight,
    prompts: cells.map((cell) => {
      const { prompt } = requireFound(cell.sources[index], 'source', cell.id)
      return requireFound(transferring.prompts.get(prompt), 'prompt', prompt)
    })
  }))
  const method = baselineRequested(settings, first.seed ?? 0)
  const condition = { target, anchors, centre: first.centre, rescale: settings.rescale, device }
  const result = await engine.call('baselines.run', { ...condition, method, sources }, { signal, onProgress })
  const checked = await conditionRetrieval(
    engine,
    { ...condition, sources, mask: { kind: 'all' }, method: { by: 'baseline', baseline: method } },
    signal
  )
  return cells.map((cell, index) => ({
    ...baselineOutcome(settings, result),
    cell,
    manifest: checked,
    notes: [...result.notes, ...retrievalNotes({ ...checked, centre: cell.centre })],
    condition: promptCondition(cell, requireFound(result.prompts[index], 'prompt of', cell.id)),
    snapshots: (result.lossCurve?.snapshots ?? []).flatMap(({ step, prompts: found }) => {
      const prompt = found[index]
      return prompt === undefined ? [] : [{ step, matching: null, prompt }]
    })
  }))
}
