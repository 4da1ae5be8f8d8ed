/** The lookup of words, positions and segments with the norm after it. */
import { dataTypes } from '../build-messages.ts'
import { sumOver, unsqueeze } from '../gradients/emit-shapes.ts'
import { sizeOf } from '../gradients/emit-sizes.ts'
import type { Emitter } from '../gradients/emitter.ts'
import { readFloat } from '../read-messages.ts'
import { type Expansion, type FusedSite, notExpandable } from './expansion.ts'
import { layerNorm } from './normalisations.ts'
import { addIfGiven, asInt64, castTo } from './words.ts'

/** Rows of positions `[B, S, e]`, or `[S, e]` where every row counts from 0. */
function positionRows(emit: Emitter, ids: string, table: string, positions: string | undefined): string {
  if (positions !== undefined) return emit.node('Gather', [table, positions], { axis: { int: 0 } })
  const length = unsqueeze(emit, sizeOf(emit, ids, 1), [0])
  return emit.node('Slice', [table, emit.integers([0]), length, emit.integers([0])])
}

function segmentRows(emit: Emitter, { node, optional }: FusedSite): string | undefined {
  const [ids, table] = [optional(1), optional(4)]
  if (table === undefined) return undefined
  if (ids === undefined) throw notExpandable(node, 'has a table of segments and is given no segments')
  return emit.node('Gather', [table, ids], { axis: { int: 0 } })
}

/** How many tokens of each row are there: int32 `[B]`. */
function tokenCounts(emit: Emitter, mask: string | undefined): string | undefined {
  return mask && castTo(emit, sumOver(emit, asInt64(emit, mask), [1], false), dataTypes.int32)
}

/** norm(words + positions + segments), the tokens of each row, and the sum: `EmbedLayerNormalization` */
export const embeddingLayerNormalisation: Expansion = (emit, site) => {
  const { node, required, optional } = site
  const ids = required(0)
  const words = emit.node('Gather', [required(2), ids], { axis: { int: 0 } })
  const placed = emit.node('Add', [words, positionRows(emit, ids, required(3), optional(8))])
  const sum = addIfGiven(emit, placed, segmentRows(emit, site))
  const settings = { gamma: required(5), beta: required(6), epsilon: readFloat(node, 'epsilon', 1e-12) }
  return [layerNorm(emit, sum, settings), tokenCounts(emit, optional(7)), sum]
}
