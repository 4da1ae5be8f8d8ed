/** A prompt of the project among its nearest words and the other prompts of its model, in two dimensions. */

import type { WorkbenchContext } from '#main/project/context.ts'
import type { PromptPlane } from '#preload/contract/prompt-methods.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import { requireModel } from './models.ts'

/** Vectors of other prompts that are shown: more than these, and no point can be told from the next. */
const mostOthers = 150

/** @throws `mismatch` where the prompt is not as wide as the model */
export async function layOutPrompt(
  context: WorkbenchContext,
  id: string,
  modelId: string,
  signal?: AbortSignal
): Promise<PromptPlane> {
  const { prompts } = context.store.read
  const { prompt } = requireFound(await prompts.get(id), 'prompt', id)
  const { reference, report } = await requireModel(context, modelId, signal)
  const { vectors } = prompt
  const list = await prompts.list({ tableFingerprint: report.fingerprint.table })
  const candidates = list.filter((other) => other.id !== id && other.width === vectors.columns)
  const shown: StoredPrompt[] = []
  let count = 0
  for (const { id: other, vectorCount } of candidates) {
    if (count + vectorCount > mostOthers) break
    shown.push(requireFound(await prompts.get(other), 'prompt', other))
    count += vectorCount
  }
  const data = new Float32Array(count * vectors.columns)
  const names: { promptId: string; name: string; vector: number }[] = []
  for (const { id: promptId, prompt: other } of shown) {
    data.set(other.vectors.data, names.length * vectors.columns)
    for (let vector = 0; vector < other.vectors.rows; vector++)
      names.push({ promptId, name: other.name, vector })
  }
  const { others, ...plane } = await context.engine.call(
    'prompts.plane',
    { model: reference, vectors, others: { rows: count, columns: vectors.columns, data } },
    { signal }
  )
  return {
    ...plane,
    others: names.flatMap((name, at) => {
      const point = others[at]
      return point === undefined ? [] : [{ ...name, ...point }]
    }),
    leftOut: candidates.length - shown.length
  }
}
