/** Cosines and sines of rotary positions, as nodes of the graph. */
import type { Angles } from '#engine/onnx/expansions/rotary.ts'
import { countAlong, times } from '#engine/onnx/expansions/words.ts'
import { unsqueeze } from '#engine/onnx/gradients/emit-shapes.ts'
import { sizeOf } from '#engine/onnx/gradients/emit-sizes.ts'
import type { ModelWriter } from '../model-writer.ts'
import { type Frequencies, rotaryFrequencies } from './rotary-frequencies.ts'
import type { Rotary } from './rotary-settings.ts'

export type RotaryAngles = Angles & {
  /** How many elements of a head are turned, from the first on. */
  readonly width: number
}

/** The radians per position `[pairs]`, of which sequences longer than the original length have their own. */
function radians(model: ModelWriter, { angles, ofLong }: Frequencies): string {
  const usual = model.numbers(angles)
  if (ofLong === undefined) return usual
  const isLong = model.node('Greater', [longestSequence(model), model.integer(ofLong.longerThan)])
  return model.node('Where', [isLong, model.numbers(ofLong.angles), usual])
}

/** Tokens of the longest sequence of a batch, padding included, as int64 without axes. */
function longestSequence(model: ModelWriter): string {
  const { packed } = model
  if (packed === undefined) return sizeOf(model, model.tokenInput('input_ids'), 1)
  const last = model.node('ReduceMax', [packed.positions], { keepdims: { int: 0 } })
  return model.node('Add', [last, model.integer(1)])
}

/**
 * Cosines and sines `[1 or batch, sequence, pairs]` at positions 0, 1, …; a sequence stands at the beginning of its row
 * where rows hold no more than one.
 * @param headWidth of which the rotation's share is turned
 */
export function rotaryAngles(model: ModelWriter, rotary: Rotary, headWidth: number): RotaryAngles {
  const width = Math.trunc(headWidth * rotary.share)
  const frequencies = rotaryFrequencies(rotary, width)
  const positions =
    model.packed?.positions ?? unsqueeze(model, countAlong(model, model.tokenInput('input_ids'), 1), [0])
  const column = unsqueeze(model, model.node('Cast', [positions], { to: { int: 1 } }), [2])
  const angles = model.node('Mul', [column, radians(model, frequencies)])
  const scaled = (operator: 'Cos' | 'Sin') => times(model, model.node(operator, [angles]), frequencies.scale)
  return { cosines: scaled('Cos'), sines: scaled('Sin'), isInterleaved: false, width }
}
