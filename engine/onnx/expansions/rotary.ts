/** Rotary positions: pairs of elements turned by an angle that grows with the position. */
import { unsqueeze } from '../gradients/emit-shapes.ts'
import type { Emitter } from '../gradients/emitter.ts'
import { readFloat, readInteger } from '../read-messages.ts'
import { type Expansion, notExpandable } from './expansion.ts'
import { joinHeads, splitHeads } from './heads.ts'
import { asInt64, concatenate, countAlong, reshape, sliceAxis } from './words.ts'

export type Angles = {
  /** Cosines and sines `[B or 1, S, R/2]`, R being the width that is turned. */
  readonly cosines: string
  readonly sines: string
  /** Whether a pair is two neighbours, not elements half of R apart. */
  readonly isInterleaved: boolean
}

/** Rows of the tables of cosines and sines at positions `[S]` or `[B, S]`, as `[1 or B, S, R/2]`. */
export function anglesAt(emit: Emitter, cosines: string, sines: string, positions: string) {
  const rows = (table: string): string => {
    const found = emit.node('Gather', [table, positions], { axis: { int: 0 } })
    return emit.shape(positions).length === 1 ? unsqueeze(emit, found, [0]) : found
  }
  return { cosines: rows(cosines), sines: rows(sines) }
}

/** `x [B, N, S, H]` with its first `width` elements turned; the rest stays. */
export function rotate(
  emit: Emitter,
  x: string,
  { cosines, sines, isInterleaved }: Angles,
  width: number
): string {
  const [cosine, sine] = [cosines, sines].map((angles) => unsqueeze(emit, angles, [1]))
  const half = width / 2
  const parts = isInterleaved
    ? [
        { from: 0, to: width, step: 2 },
        { from: 1, to: width, step: 2 }
      ]
    : [
        { from: 0, to: half },
        { from: half, to: width }
      ]
  const [a, b] = parts.map((part) => sliceAxis(emit, x, { axis: 3, ...part }))
  const product = (first: string, second: string) => emit.node('Mul', [first, second])
  const turned = [
    emit.node('Sub', [product(cosine, a), product(sine, b)]),
    emit.node('Add', [product(sine, a), product(cosine, b)])
  ]
  const first = isInterleaved
    ? reshape(
        emit,
        concatenate(
          emit,
          turned.map((part) => unsqueeze(emit, part, [4])),
          4
        ),
        [0, 0, 0, width]
      )
    : concatenate(emit, turned, 3)
  const isWhole = emit.shape(x)[3] === width
  return isWhole
    ? first
    : concatenate(emit, [first, sliceAxis(emit, x, { axis: 3, from: width, to: 2 ** 31 - 1 })], 3)
}

/** Twice the width of a table of cosines, which must be known. */
function turnedWidth(emit: Emitter, cosines: string): number | undefined {
  const size = emit.shape(cosines).at(-1)
  return typeof size === 'number' ? 2 * size : undefined
}

/** The operator in both domains; they take their inputs in another order. */
function rotaryEmbedding(order: { positions: number; cosines: number; sines: number }): Expansion {
  return (emit, { node, required, optional }) => {
    if (readInteger(node, 'is_packed_batching', 0)) throw notExpandable(node, 'packs rows of a batch')
    if (readFloat(node, 'scale', 1) !== 1) throw notExpandable(node, 'scales its angles')
    const [x, cosines, sines] = [required(0), required(order.cosines), required(order.sines)]
    const width = readInteger(node, 'rotary_embedding_dim', 0) || turnedWidth(emit, cosines)
    if (width === undefined) throw notExpandable(node, 'has tables whose width the file does not state')
    const given = optional(order.positions)
    const angles =
      given === undefined ? { cosines, sines } : anglesAt(emit, cosines, sines, positionsOf(emit, x, given))
    const isInterleaved = readInteger(node, 'interleaved', 0) !== 0
    const isSplit = emit.shape(x).length === 4
    const heads = readInteger(node, 'num_heads', 0)
    const split = isSplit ? x : splitHeads(emit, x, heads || -1, heads ? -1 : width)
    const turned = rotate(emit, split, { ...angles, isInterleaved }, width)
    return [isSplit ? turned : joinHeads(emit, turned)]
  }
}

/** Positions `[B, S]` as they are; a single number is where every row begins. */
function positionsOf(emit: Emitter, x: string, positions: string): string {
  const whole = asInt64(emit, positions)
  if (emit.shape(positions).length !== 1) return whole
  return emit.node('Add', [countAlong(emit, x, emit.shape(x).length - 2), whole])
}

export const standardRotaryEmbedding = rotaryEmbedding({ positions: 3, cosines: 1, sines: 2 })
export const microsoftRotaryEmbedding = rotaryEmbedding({ positions: 1, cosines: 2, sines: 3 })

/**
 * `RotaryEmbedding` of ONNX where it is given angles. torch's exporter gives those of one row for a batch of any size,
 * which its operator does not take: onnxruntime runs the file with one row alone. Written out, they are broadcast.
 */
export const rotationByAngles: Expansion = (emit, site) => {
  if (site.optional(3) !== undefined) throw notExpandable(site.node, 'is given positions')
  return standardRotaryEmbedding(emit, site)
}
