/** The angles per position of rotary embeddings, after `modeling_rope_utils.py` of transformers. */
import type { Rotary, RotaryParameters } from './rotary-settings.ts'

export type Frequencies = {
  /** Radians per position, one for each pair of elements. */
  readonly angles: readonly number[]
  /** The same for sequences longer than `longerThan` tokens, where those have angles of their own. */
  readonly ofLong?: { readonly angles: readonly number[]; readonly longerThan: number }
  /** The factor of cosines and sines. */
  readonly scale: number
}

/** Angles that fall from 1 by powers of `theta`: `theta^(−2i/width)`. */
function plainAngles(theta: number, width: number): number[] {
  return Array.from({ length: width / 2 }, (_, pair) => theta ** ((-2 * pair) / width))
}

/** The angles of heads whose first `width` elements are turned. */
export function rotaryFrequencies(rotary: Rotary, width: number): Frequencies {
  const { kind, theta, parameters, originalLength, length } = rotary
  const angles = plainAngles(theta, width)
  const factor = parameters.factor ?? length / originalLength
  switch (kind) {
    case 'default':
    // Sequences no longer than the model was made for are turned as by default.
    case 'dynamic':
      return { angles, scale: 1 }
    case 'linear':
      return { angles: angles.map((angle) => angle / factor), scale: 1 }
    case 'llama3':
      return { angles: llama3Angles(angles, factor, rotary), scale: 1 }
    case 'yarn':
      return { angles: yarnAngles(angles, width, factor, rotary), scale: yarnScale(factor, parameters) }
    case 'longrope':
    case 'su':
      return longAngles(angles, factor, rotary)
  }
}

/** Slow angles are divided, fast ones kept, those between mixed. */
function llama3Angles(angles: readonly number[], factor: number, { parameters, originalLength }: Rotary) {
  const { low_freq_factor: low = 1, high_freq_factor: high = 4 } = parameters
  return angles.map((angle) => {
    const turns = (originalLength * angle) / (2 * Math.PI)
    if (turns > high) return angle
    if (turns < low) return angle / factor
    const smooth = (turns - low) / (high - low)
    return ((1 - smooth) * angle) / factor + smooth * angle
  })
}

function yarnAngles(
  angles: readonly number[],
  width: number,
  factor: number,
  { parameters, originalLength, theta }: Rotary
): number[] {
  /** The pair that turns so many times over the original length. */
  const pairOf = (turns: number): number =>
    (width * Math.log(originalLength / (turns * 2 * Math.PI))) / (2 * Math.log(theta))
  const isWhole = parameters.truncate !== false
  const [first, last] = [pairOf(parameters.beta_fast || 32), pairOf(parameters.beta_slow || 1)]
  const low = Math.max(isWhole ? Math.floor(first) : first, 0)
  const end = Math.min(isWhole ? Math.ceil(last) : last, width - 1)
  const high = end === low ? end + 0.001 : end
  return angles.map((angle, pair) => {
    const ramp = Math.min(Math.max((pair - low) / (high - low), 0), 1)
    return (angle / factor) * ramp + angle * (1 - ramp)
  })
}

function yarnScale(factor: number, { attention_factor, mscale, mscale_all_dim }: RotaryParameters): number {
  const scaleOf = (weight: number): number => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1)
  if (typeof attention_factor === 'number') return attention_factor
  return mscale && mscale_all_dim ? scaleOf(mscale) / scaleOf(mscale_all_dim) : scaleOf(1)
}

function longAngles(angles: readonly number[], factor: number, rotary: Rotary): Frequencies {
  const { parameters, originalLength } = rotary
  const divided = (by: readonly number[] | undefined) =>
    angles.map((angle, pair) => angle / (by?.[pair] ?? 1))
  const usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalLength))
  return {
    angles: divided(parameters.short_factor),
    ofLong: { angles: divided(parameters.long_factor), longerThan: originalLength },
    scale: parameters.attention_factor ?? usual
  }
}
