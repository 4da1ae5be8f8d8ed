/** Which tokens a token sees, as what is added to the scores of attention: 0, or far below everything. */
import { lowestScore, paddingMask, seenMask } from '#engine/onnx/expansions/attention-core.ts'
import { countAlong } from '#engine/onnx/expansions/words.ts'
import type { ModelWriter } from '../model-writer.ts'

function asBias(model: ModelWriter, visible: string): string {
  return model.node('Where', [visible, model.number(0), model.number(lowestScore)])
}

/** Every token sees every token that is no padding: `[batch, 1, 1, sequence]`. */
export function seesAll(model: ModelWriter): string {
  return asBias(model, paddingMask(model, model.tokenInput('attention_mask')))
}

/**
 * Every token sees itself and those before it, with a window of `w` the last `w` of these: `[sequence, sequence]`.
 * Padding comes after a row's tokens, where no token looks, so it needs no mask.
 */
export function seesBefore(model: ModelWriter, window?: number): string {
  const positions = countAlong(model, model.tokenInput('input_ids'), 1)
  return asBias(model, seenMask(model, positions, positions, window))
}
