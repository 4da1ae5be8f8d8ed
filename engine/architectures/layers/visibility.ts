/** Which tokens a token sees, as what is added to the scores of attention: 0, or far below everything. */
import { lowestScore, paddingMask, seenMask } from '#engine/onnx/expansions/attention-core.ts'
import { countAlong } from '#engine/onnx/expansions/words.ts'
import { unsqueeze } from '#engine/onnx/gradients/emit-shapes.ts'
import type { ModelWriter, PackedRows, TokenInput } from '../model-writer.ts'

function asBias(model: ModelWriter, visible: string): string {
  return model.node('Where', [visible, model.number(0), model.number(lowestScore)])
}

/** Every token sees every token that is no padding: `[batch, 1, 1, sequence]`. */
export function seesAll(model: ModelWriter): string {
  return asBias(model, paddingMask(model, model.tokenInput('attention_mask')))
}

/** The same, of tokens at most `reach` away: `[batch, 1, sequence, sequence]`. */
export function seesNear(model: ModelWriter, reach: number): string {
  const mask = model.tokenInput('attention_mask')
  const positions = countAlong(model, mask, 1)
  const distance = model.node('Sub', [unsqueeze(model, positions, [1]), unsqueeze(model, positions, [0])])
  const isFar = model.node('Greater', [model.node('Abs', [distance]), model.integer(reach)])
  return asBias(model, model.node('And', [paddingMask(model, mask), model.node('Not', [isFar])]))
}

/** What tokens see in rows of several sequences, with a window of `w` the last `w` of it: `[batch, 1, sequence, sequence]`. */
function seesInOwn(
  model: ModelWriter,
  { positions, visible }: PackedRows,
  window: number | undefined
): string {
  if (window === undefined) return asBias(model, visible)
  const distance = model.node('Sub', [
    unsqueeze(model, positions, [1, 3]),
    unsqueeze(model, positions, [1, 2])
  ])
  const isNear = model.node('Less', [distance, model.integer(window)])
  return asBias(model, model.node('And', [visible, isNear]))
}

/**
 * Every token sees itself and those before it, with a window of `w` the last `w` of these: `[sequence, sequence]`, or
 * `[batch, 1, sequence, sequence]` where rows may hold several sequences.
 * Padding comes after a row's tokens, where no token looks, so it needs no mask.
 * @param ids which tokens
 */
export function seesBefore(model: ModelWriter, window?: number, ids: TokenInput = 'input_ids'): string {
  if (model.packed !== undefined && ids === 'input_ids') return seesInOwn(model, model.packed, window)
  const positions = countAlong(model, model.tokenInput(ids), 1)
  return asBias(model, seenMask(model, positions, positions, window))
}
