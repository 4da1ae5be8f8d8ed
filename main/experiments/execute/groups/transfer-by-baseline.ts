/** Transfers by a baseline. What it fits to a source and the target is fitted once for all their prompts. */

import { type BaselineSettings, baselineRequested, drawsNumbers } from '#engine/common/contract/methods.ts'
import type { PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { requireFound } from '#store/records/row.ts'
import { type FoundCell, promptContestant, sidesOf, type Transferring } from './group-transfer.ts'

/** What cells have in common whose prompts one fitted map serves. */
export function fitKey({ method, sources, anchors, seed }: PlannedCell): string {
  const weighted = sources.map(({ model, weight }) => [model, weight])
  return JSON.stringify([method, weighted, anchors, drawsNumbers(method) ? seed : null])
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
  const result = await engine.call(
    'baselines.run',
    {
      method: baselineRequested(settings, first.seed ?? 0),
      sources,
      target,
      anchors,
      rescale: settings.rescale,
      device
    },
    { signal, onProgress }
  )
  return cells.map((cell, index) => ({
    cell,
    contestant: promptContestant(cell, requireFound(result.prompts[index], 'prompt of', cell.id)),
    matching: null,
    report: null,
    loss: result.search?.perSource[0]?.loss ?? null,
    selection: settings.kind === 'projector' ? settings.selection : 'none',
    chosenStep: result.search?.perSource[0]?.chosenStep ?? null,
    snapshots: (result.search?.snapshots ?? []).flatMap(({ step, prompts: found }) => {
      const prompt = found[index]
      return prompt === undefined ? [] : [{ step, matching: null, prompt }]
    }),
    notes: result.notes,
    device: result.device,
    seconds: result.seconds / cells.length
  }))
}
