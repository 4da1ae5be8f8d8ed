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
function radians(model: ModelWriter, positions: string, { angles, ofLong }: Frequencies): string {
  const usual = model.numbers(angles)
  if (ofLong === undefined) return usual
  const isLong = model.node('Greater', [sizeOf(model, positions, 0), model.integer(ofLong.longerThan)])
  return model.node('Where', [isLong, model.numbers(ofLong.angles), usual])
}

/**
 * Cosines and sines `[1, sequence, pairs]` at positions 0, 1, …; a sequence stands at the beginning of its row.
 * @param headWidth of which the rotation's share is turned
 */
export function rotaryAngles(model: ModelWriter, rotary: Rotary, headWidth: number): RotaryAngles {
  const width = Math.trunc(headWidth * rotary.share)
  const frequencies = rotaryFrequencies(rotary, width)
  const positions = countAlong(model, model.tokenInput('input_ids'), 1)
  const column = unsqueeze(model, model.node('Cast', [positions], { to: { int: 1 } }), [1])
  const angles = unsqueeze(model, model.node('Mul', [column, radians(model, positions, frequencies)]), [0])
  const scaled = (operator: 'Cos' | 'Sin') => times(model, model.node(operator, [angles]), frequencies.scale)
  return { cosines: scaled('Cos'), sines: scaled('Sin'), isInterleaved: false, width }
}
