/** onnxruntime's attention over one packed projection, and over queries, keys and values of their own. */
import { unsqueeze } from '../gradients/emit-shapes.ts'
import type { Emitter } from '../gradients/emitter.ts'
import type { NodeProto } from '../messages.ts'
import { readFloat, readInteger, readIntegers } from '../read-messages.ts'
import { afterPast, attend, causalMask, lengthMask, paddingMask } from './attention-core.ts'
import { type Expansion, notExpandable, refuseInputs } from './expansion.ts'
import { joinHeads, splitHeads, splitLast } from './heads.ts'
import { addIfGiven, concatenate } from './words.ts'

/** What a mask or a list of lengths says of the keys. */
function keyMask(emit: Emitter, node: NodeProto, mask: string | undefined, key: string): string | undefined {
  if (mask === undefined) return undefined
  const shape = emit.shape(mask)
  if (shape.length === 2 || shape.length === 3) return paddingMask(emit, mask)
  if (shape.length === 1 && shape[0] === emit.shape(key)[0]) return lengthMask(emit, mask, key)
  throw notExpandable(node, `has a mask [${shape.join(', ')}], not one of keys or lengths`)
}

/** Settings that the two operators share, and the scores' mask. */
function settingsOf(emit: Emitter, node: NodeProto, query: string, key: string, past: string | undefined) {
  const isCausal = readInteger(node, 'unidirectional', 0) !== 0
  return {
    scale: readFloat(node, 'scale', 0),
    filter: readFloat(node, 'mask_filter_value', -10_000),
    causal: isCausal ? causalMask(emit, { query, key, past }) : undefined
  }
}

/** Widths of queries, keys and values in a packed projection: stated, or a third each. */
function packedWidths(emit: Emitter, node: NodeProto, weights: string): number[] {
  const stated = readIntegers(node, 'qkv_hidden_sizes')
  if (stated.length === 3) return stated
  const size = emit.shape(weights)[1]
  if (typeof size !== 'number') throw notExpandable(node, 'has weights whose width the file does not state')
  return [size / 3, size / 3, size / 3]
}

/** `Attention`: x W + b split into heads; the cache is `[2, B, N, P, H]`. */
export const attention: Expansion = (emit, site) => {
  const { node, required, optional } = site
  refuseInputs(site, { 6: 'the length of a shared cache' })
  if (readInteger(node, 'do_rotary', 0)) throw notExpandable(node, 'turns its queries and keys by itself')
  const heads = readInteger(node, 'num_heads', 0)
  const weights = required(1)
  const packed = addIfGiven(emit, emit.node('MatMul', [required(0), weights]), optional(2))
  const [query, newKey, newValue] = splitLast(emit, packed, packedWidths(emit, node, weights)).map((part) =>
    splitHeads(emit, part, heads)
  )
  const cache = optional(4)
  const [pastKey, pastValue] = [0, 1].map(
    (index) => cache && emit.node('Gather', [cache, emit.integer(index)], { axis: { int: 0 } })
  )
  const [key, value] = [afterPast(emit, pastKey, newKey), afterPast(emit, pastValue, newValue)]
  const { scale, filter, causal } = settingsOf(emit, node, query, key, pastKey)
  const visible = [keyMask(emit, node, optional(3), key), causal]
  const parts = { query, key, value, groupSize: 1, scale, softcap: 0, biases: [optional(5)], visible, filter }
  const cached = () => [key, value].map((x) => unsqueeze(emit, x, [0]))
  const present = node.output[1] ? concatenate(emit, cached(), 0) : undefined
  return [joinHeads(emit, attend(emit, parts)), present]
}

/** The part of a bias `[queries + keys + values]` that belongs to each. */
function biasParts(
  emit: Emitter,
  bias: string | undefined,
  { query, value }: { query: string; value: string }
): (string | undefined)[] {
  const [own, other] = [emit.shape(query).at(-1), emit.shape(value).at(-1)]
  if (bias === undefined || typeof own !== 'number' || typeof other !== 'number') return []
  return splitLast(emit, bias, [own, own, other])
}

/** `MultiHeadAttention`: projections come ready, keys and values of another sequence perhaps in heads already. */
export const multiHeadAttention: Expansion = (emit, site) => {
  const { node, required, optional } = site
  refuseInputs(site, { 8: 'the length of a shared cache', 9: 'beams of a search' })
  const heads = readInteger(node, 'num_heads', 0)
  const [keys, values] = [optional(1), optional(2)]
  if (keys === undefined || values === undefined) throw notExpandable(node, 'packs keys and values')
  const given = { query: required(0), key: keys, value: values }
  const biases = biasParts(emit, optional(3), given)
  if (optional(3) !== undefined && biases.length === 0)
    throw notExpandable(node, 'has a bias for widths that the file does not state')
  const [query, newKey, newValue] = [given.query, given.key, given.value].map((x, index) =>
    emit.shape(x).length === 4 ? x : splitHeads(emit, addIfGiven(emit, x, biases[index]), heads)
  )
  const [pastKey, pastValue] = [optional(6), optional(7)]
  const [key, value] = [afterPast(emit, pastKey, newKey), afterPast(emit, pastValue, newValue)]
  const { scale, filter, causal } = settingsOf(emit, node, query, key, pastKey)
  const visible = [keyMask(emit, node, optional(4), key), causal]
  const parts = { query, key, value, groupSize: 1, scale, softcap: 0, biases: [optional(5)], visible, filter }
  return [joinHeads(emit, attend(emit, parts)), key, value]
}
