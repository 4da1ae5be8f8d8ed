/** onnxruntime's attention of decoders: grouped heads, rotary positions and a cache in one operator. */
import type { Emitter } from '../gradients/emitter.ts'
import { readFloat, readInteger } from '../read-messages.ts'
import { afterPast, attend, causalMask, lowestScore, positionsAfter } from './attention-core.ts'
import { type Expansion, type FusedSite, notExpandable, refuseInputs } from './expansion.ts'
import { joinHeads, splitHeads, splitLast } from './heads.ts'
import { anglesAt, rotate } from './rotary.ts'
import { asInt64 } from './words.ts'

type Heads = { query: number; key: number }

/** Queries, keys and values `[B, N or n, S, H]`; without keys, the queries hold all three. */
function projections(emit: Emitter, { node, required, optional }: FusedSite, heads: Heads): string[] {
  const [given, key, value] = [required(0), optional(1), optional(2)]
  const counts = [heads.query, heads.key, heads.key]
  const inHeads = (parts: readonly string[]) =>
    parts.map((part, index) => splitHeads(emit, part, counts[index]))
  if (key !== undefined && value !== undefined) return inHeads([given, key, value])
  const size = emit.shape(given)[2]
  if (typeof size !== 'number')
    throw notExpandable(node, 'has a projection whose width the file does not state')
  const width = size / (heads.query + 2 * heads.key)
  return inHeads(
    splitLast(
      emit,
      given,
      counts.map((count) => count * width)
    )
  )
}

/** Turns queries and keys by their positions, where the operator does that itself. */
function turned(emit: Emitter, { node, required, optional }: FusedSite, x: string): string {
  if (!readInteger(node, 'do_rotary', 0)) return x
  const stated = optional(9)
  const positions = stated === undefined ? positionsAfter(emit, optional(3), x, 2) : asInt64(emit, stated)
  const [cosines, sines] = [required(7), required(8)]
  const half = emit.shape(cosines).at(-1)
  if (typeof half !== 'number') throw notExpandable(node, 'has tables whose width the file does not state')
  const isInterleaved = readInteger(node, 'rotary_interleaved', 0) !== 0
  return rotate(emit, x, { ...anglesAt(emit, cosines, sines, positions), isInterleaved }, 2 * half)
}

/**
 * `GroupQueryAttention`, for rows whose cached parts are of one length (in tuning they are empty). Padding comes
 * after a row's tokens, where no token looks, so the rows' lengths do not enter.
 */
export const groupedAttention: Expansion = (emit, site) => {
  const { node, optional } = site
  refuseInputs(site, { 11: 'sinks of its heads', 12: 'a quantised cache', 13: 'a quantised cache' })
  if (readInteger(node, 'smooth_softmax', 0) > 0) throw notExpandable(node, 'has a smooth softmax')
  const heads = { query: readInteger(node, 'num_heads', 0), key: readInteger(node, 'kv_num_heads', 0) }
  const [plainQuery, plainKey, newValue] = projections(emit, site, heads)
  const [query, newKey] = [turned(emit, site, plainQuery), turned(emit, site, plainKey)]
  const past = optional(3)
  const [key, value] = [afterPast(emit, past, newKey), afterPast(emit, optional(4), newValue)]
  const window = readInteger(node, 'local_window_size', -1)
  const attended = attend(emit, {
    query,
    key,
    value,
    groupSize: heads.query / heads.key,
    scale: readFloat(node, 'scale', 0),
    softcap: readFloat(node, 'softcap', 0),
    biases: [optional(10)],
    visible: [causalMask(emit, { query, key, past, window })],
    filter: lowestScore
  })
  return [joinHeads(emit, attended), key, value]
}
