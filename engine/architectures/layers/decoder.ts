/** The parts that decoders after LLaMA are made of: grouped attention of turned queries and keys, and a gated MLP. */

import { splitHeads } from '#engine/onnx/expansions/heads.ts'
import { rotate } from '#engine/onnx/expansions/rotary.ts'
import type { ModelWriter } from '../model-writer.ts'
import { type ActivationName, activate } from './activations.ts'
import { attendHeads } from './attention.ts'
import { linear } from './linear.ts'
import type { RotaryAngles } from './rotary.ts'

export type DecoderAttention = {
  readonly width: number
  readonly heads: number
  readonly keyHeads: number
  readonly headWidth: number
  /** Which of the linear layers have biases. */
  readonly biases: { readonly projections: boolean; readonly output: boolean }
  /** Name of the last linear layer within the attention; `o_proj` where left out. */
  readonly output?: string
  readonly scale?: number
  readonly softcap?: number
  /** What turns queries and keys; undefined in layers without positions. */
  readonly angles: RotaryAngles | undefined
  /** Added to the scores. */
  readonly visible: string
  /** Normalises queries and keys, as a whole `[.., heads · headWidth]` or in heads `[.., heads, .., headWidth]`. */
  readonly norm?: {
    readonly of: 'whole' | 'heads'
    readonly by: (x: string, name: string, width: number) => string
  }
}

/** `x [batch, sequence, width]` through `name.q_proj`, `k_proj`, `v_proj`, attention and `name.o_proj`. */
export function decoderAttention(
  model: ModelWriter,
  x: string,
  name: string,
  settings: DecoderAttention
): string {
  const { width, heads, keyHeads, headWidth, biases } = settings
  const project = (part: string, count: number): string =>
    linear(model, x, `${name}.${part}_proj`, {
      inputs: width,
      outputs: count * headWidth,
      bias: biases.projections
    })
  const parts = { query: project('q', heads), key: project('k', keyHeads), value: project('v', keyHeads) }
  return attendTurned(model, parts, name, settings)
}

/** Attention of ready projections `[batch, sequence, heads · headWidth]`, and the last linear layer. */
export function attendTurned(
  model: ModelWriter,
  projections: { query: string; key: string; value: string },
  name: string,
  settings: DecoderAttention
): string {
  const { width, heads, keyHeads, headWidth, angles, norm, visible, biases, output = 'o_proj' } = settings
  const prepared = (x: string, part: 'q' | 'k', count: number): string => {
    const normName = `${name}.${part}_norm`
    const whole = norm?.of === 'whole' ? norm.by(x, normName, count * headWidth) : x
    const split = splitHeads(model, whole, count)
    const normed = norm?.of === 'heads' ? norm.by(split, normName, headWidth) : split
    return angles === undefined ? normed : rotate(model, normed, angles, angles.width)
  }
  const parts = {
    query: prepared(projections.query, 'q', heads),
    key: prepared(projections.key, 'k', keyHeads),
    value: splitHeads(model, projections.value, keyHeads)
  }
  const attended = attendHeads(model, parts, settings, [visible])
  const sizes = { inputs: heads * headWidth, outputs: width, bias: biases.output }
  return linear(model, attended, `${name}.${output}`, sizes)
}

/** `down(act(gate(x)) · up(x))` by `name.gate_proj`, `up_proj`, `down_proj`. */
export function gatedMlp(
  model: ModelWriter,
  x: string,
  name: string,
  { width, inner, act, bias = false }: { width: number; inner: number; act: ActivationName; bias?: boolean }
): string {
  const raise = (part: string) => linear(model, x, `${name}.${part}`, { inputs: width, outputs: inner, bias })
  const gated = model.node('Mul', [activate(model, act, raise('gate_proj')), raise('up_proj')])
  return linear(model, gated, `${name}.down_proj`, { inputs: inner, outputs: width, bias })
}
