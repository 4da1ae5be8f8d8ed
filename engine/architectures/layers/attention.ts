/** Attention of queries, keys and values of one sequence, by the names that a family gives its linear layers. */
import { attend } from '#engine/onnx/expansions/attention-core.ts'
import { joinHeads, splitHeads } from '#engine/onnx/expansions/heads.ts'
import type { ModelWriter } from '../model-writer.ts'
import { linear } from './linear.ts'

export type AttentionHeads = {
  readonly heads: number
  /** Heads of keys and values, each of which serves several queries' heads; `heads` where left out. */
  readonly keyHeads?: number
  readonly headWidth: number
  /** The factor of the scores; 1/√headWidth where left out. */
  readonly scale?: number
  /** Scores are c · tanh(score / c); 0 or left out: they are not. */
  readonly softcap?: number
}

/** Queries, keys and values `[batch, heads, sequence, headWidth]` to `[batch, sequence, heads · headWidth]`. */
export function attendHeads(
  model: ModelWriter,
  { query, key, value }: { query: string; key: string; value: string },
  { heads, keyHeads = heads, headWidth, scale = 1 / Math.sqrt(headWidth), softcap = 0 }: AttentionHeads,
  biases: readonly string[]
): string {
  const groupSize = heads / keyHeads
  const parts = { query, key, value, groupSize, scale, softcap, biases, visible: [], filter: 0 }
  return joinHeads(model, attend(model, parts))
}

/** Names of the linear layers of an attention. */
export type AttentionNames = {
  readonly query: string
  readonly key: string
  readonly value: string
  readonly output: string
}

export type AttentionSettings = {
  readonly width: number
  readonly heads: number
  /** width / heads where left out. */
  readonly headWidth?: number
  /** The factor of the scores; 1/√headWidth where left out. */
  readonly scale?: number
  /** Whether the linear layers have biases; they have where left out. */
  readonly bias?: boolean
  /** Added to the scores. */
  readonly biases: readonly string[]
}

/** Multi-head attention of `x [batch, sequence, width]` to itself. */
export function selfAttention(
  model: ModelWriter,
  x: string,
  names: AttentionNames,
  settings: AttentionSettings
): string {
  return crossAttention(model, x, x, names, settings)
}

/** Multi-head attention of `x [batch, sequence, width]` to `memory [batch, memory's sequence, width]`. */
export function crossAttention(
  model: ModelWriter,
  x: string,
  memory: string,
  names: AttentionNames,
  { width, heads, headWidth = width / heads, bias = true, biases, ...score }: AttentionSettings
): string {
  const inner = heads * headWidth
  const project = (from: string, name: string): string =>
    splitHeads(model, linear(model, from, name, { inputs: width, outputs: inner, bias }), heads)
  const parts = {
    query: project(x, names.query),
    key: project(memory, names.key),
    value: project(memory, names.value)
  }
  const attended = attendHeads(model, parts, { heads, headWidth, ...score }, biases)
  return linear(model, attended, names.output, { inputs: inner, outputs: width, bias })
}
