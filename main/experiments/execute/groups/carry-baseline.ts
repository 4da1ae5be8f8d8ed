/** Carries by a baseline. What it fits to a source and the target is fitted once for all their prompts. */

import { type BaselineSettings, carryMethod, drawsNumbers } from '#engine/common/contract/methods.ts'
import { retrievalNotes } from '#engine/common/contract/retrieval.ts'
import type { PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { requireFound } from '#store/records/row.ts'
import { conditionRetrieval } from '../condition-retrieval.ts'
import { type CarriedCell, type Carrying, promptContestant, sidesOf } from './carrying.ts'

/** What cells have in common whose prompts one fitted map carries. */
export function fitKey({ method, sources, anchors, centre, seed }: PlannedCell): string {
  const weighted = sources.map(({ model, weight }) => [model, weight])
  return JSON.stringify([method, weighted, anchors, centre, drawsNumbers(method) ? seed : null])
}

/** Cells of the same sources and maps: each map is fitted once, and carries the prompts of its source. */
export async function carryByBaseline(
  carrying: Carrying,
  cells: readonly PlannedCell[],
  first: PlannedCell,
  settings: BaselineSettings
): Promise<CarriedCell[]> {
  const { engine, signal, onProgress } = carrying.context
  const { target, anchors, device, ...sides } = sidesOf(carrying, first, first.sources)
  const sources = sides.sources.map(({ model, weight }, index) => ({
    model,
    weight,
    prompts: cells.map((cell) => {
      const { prompt } = requireFound(cell.sources[index], 'source', cell.id)
      return requireFound(carrying.prompts.get(prompt), 'prompt', prompt)
    })
  }))
  const method = carryMethod(settings, first.seed ?? 0)
  const condition = { target, anchors, centre: first.centre, rescale: settings.rescale, device }
  const result = await engine.call('baselines.run', { ...condition, method, sources }, { signal, onProgress })
  const checked = await conditionRetrieval(
    engine,
    { ...condition, sources, mask: { kind: 'all' }, method: { by: 'baseline', baseline: method } },
    signal
  )
  return cells.map((cell, index) => ({
    cell,
    contestant: promptContestant(cell, requireFound(result.prompts[index], 'prompt of', cell.id)),
    matching: null,
    report: null,
    loss: result.search?.perSource[0]?.loss ?? null,
    checked,
    selection: settings.kind === 'projector' ? settings.selection : 'none',
    chosenStep: result.search?.perSource[0]?.chosenStep ?? null,
    snapshots: (result.search?.snapshots ?? []).flatMap(({ step, prompts: carried }) => {
      const prompt = carried[index]
      return prompt === undefined ? [] : [{ step, matching: null, prompt }]
    }),
    notes: [...result.notes, ...retrievalNotes({ ...checked, centre: cell.centre })],
    seconds: result.seconds / cells.length
  }))
}
