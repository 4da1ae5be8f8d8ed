/** Carries by a baseline. What it fits to a source and the target is fitted once for all their prompts. */

import type { PlannedCell } from '#main/experiments/plan/study-plan.ts'
import { type BaselineSettings, carryMethod, drawsNumbers } from '#main/experiments/spec/method-settings.ts'
import { requireFound } from '#store/records/row.ts'
import { type CarriedCell, type Carrying, promptContestant, sidesOf } from './carrying.ts'

/** What cells have in common whose prompts one fitted map carries. */
export function fitKey({ method, sources, anchors, seed }: PlannedCell): string {
  const models = sources.map(({ model }) => model)
  return JSON.stringify([method, models, anchors, drawsNumbers(method) ? seed : null])
}

/** Cells of one source and one map: it is fitted once, and carries all their prompts. */
export async function carryByBaseline(
  carrying: Carrying,
  cells: readonly PlannedCell[],
  first: PlannedCell,
  settings: BaselineSettings
): Promise<CarriedCell[]> {
  const { engine, signal, onProgress } = carrying.context
  const [source] = sidesOf(carrying, first, first.sources).sources
  const { model } = requireFound(source, 'source', first.id)
  const prompts = cells.flatMap((cell) =>
    sidesOf(carrying, cell, cell.sources).sources.map(({ prompt }) => prompt)
  )
  const { target, anchors, device } = sidesOf(carrying, first, first.sources)
  const result = await engine.call(
    'baselines.run',
    {
      method: carryMethod(settings, first.seed ?? 0),
      sources: [{ model, prompts, weight: 1 }],
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
    selection: settings.kind === 'projector' ? settings.selection : 'none',
    chosenStep: result.search?.perSource[0]?.chosenStep ?? null,
    snapshots: (result.search?.snapshots ?? []).flatMap(({ step, prompts: carried }) => {
      const prompt = carried[index]
      return prompt === undefined ? [] : [{ step, matching: null, prompt }]
    }),
    notes: result.notes,
    seconds: result.seconds / cells.length
  }))
}
