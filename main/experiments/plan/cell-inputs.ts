/** What a cell's result depends on, by hash where it is large: its id is the hash of this. */

import type { CellInputs } from '#main/experiments/execute/results.ts'
import { drawsNumbers } from '#main/experiments/spec/method-settings.ts'
import { requireFound } from '#store/records/row.ts'
import type { MeasuringGroup, PlannedCell } from './study-plan.ts'

/** The inputs of a cell of a group. */
export function cellInputs(
  { method, sources, prompt, seed, length, anchors, mask, rescale }: Omit<PlannedCell, 'id'>,
  group: Pick<MeasuringGroup, 'target' | 'sources' | 'task' | 'anchorsHash'>
): CellInputs {
  const { target, task, anchorsHash } = group
  return {
    method,
    sources: sources.map(({ model, prompt: id, weight }) => ({
      model: requireFound(
        group.sources.find(({ name }) => name === model),
        'source',
        model
      ).fingerprint,
      prompt: id,
      weight
    })),
    target: target.fingerprint,
    prompt,
    task: { sha256: task.sha256, limit: task.limit },
    seed: drawsNumbers(method) ? seed : null,
    length,
    anchors: anchors === null ? null : { hash: anchorsHash, count: anchors },
    mask,
    rescale
  }
}
