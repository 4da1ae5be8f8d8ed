/**
 * Gram matrices of anchors, `G = Âᵀ M Â` for the method, and their factors. Where the factor does not exist, the
 * anchors span less than the target's space, and the smallest ridge that makes it exist is put in force.
 */
import type { Provider, Session } from '#engine/devices/session.ts'
import { dataTypes } from '#engine/onnx/build-messages.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { type Factor, factorise } from './cholesky.ts'
import { type Dense, zeros } from './dense.ts'
import { denseFrom, float32, opset, type Precision, tensorIn } from './products.ts'
import { keptSessions } from './sessions.ts'
import { anchorBlocks, type UnitAnchors } from './unit-anchors.ts'

/** λ that stands in for zero where the anchors are rank deficient: far below anything that counts. */
export const ridgeFloor = 1e-8

export type RidgeFactor = {
  factor: Factor
  /** λ in force: the one asked for, or a higher one that the rank asks for. */
  ridge: number
}

/** Says where another λ than the one asked for is in force. */
export function ridgeNotes(asked: number, inForce: number): string[] {
  return inForce > asked
    ? [`A ridge of ${inForce.toExponential(0)} stands in for ${asked}: the smallest that has one answer.`]
    : []
}

export type Gram = {
  /** `[e, e]`. */
  matrix: Dense
  trace: number
  /** Whether it was summed in float64: its factor then solves, else it only preconditions. */
  exact: boolean
  /** The factor of `G + λ·tr(G)/e·I`; the last few are kept. */
  factor: (ridge: number) => Promise<RidgeFactor>
}

/** Factors kept per Gram matrix: each is twice as large as the matrix. */
const factorsKept = 4

function withFactors(matrix: Dense, exact: boolean): Gram {
  let trace = 0
  for (let i = 0; i < matrix.rows; i++) trace += matrix.data[i * matrix.rows + i]
  const factors = new Map<number, Promise<RidgeFactor>>()
  const factor = (ridge: number): Promise<RidgeFactor> => {
    const known = factors.get(ridge)
    if (known !== undefined) return known
    const finding = factoriseWithFloor(matrix, trace / matrix.rows, ridge)
    factors.set(ridge, finding)
    // A Map keeps the order of insertion: the first key is the oldest.
    for (const oldest of factors.keys()) if (factors.size > factorsKept) factors.delete(oldest)
    return finding
  }
  return { matrix, trace, exact, factor }
}

/** Columns are multiplied in so many parts: of the tiles of the product those up to the diagonal, 10/16 of all. */
const parts = 4

/** Anchors multiplied at once: enough for long sums, few enough that what is laid out of them stays small. */
const blockSize = 4096

/** Where the parts of `width` columns begin, and their end. */
function boundaries(width: number): number[] {
  const count = Math.min(parts, width)
  return Array.from({ length: count + 1 }, (_, part) => Math.floor((width * part) / count))
}

/**
 * The tiles `S_iᵀ S_j`, `j ≤ i`, of the scaled block `S [b, e]`, cut into columns `S_i`, added to those of the blocks
 * before. The block is transposed once, in float32, which onnxruntime does faster than each product on its own.
 */
function tileGraph(width: number, precision: Precision): Uint8Array {
  const graph = graphBuilder({ opset })
  const edges = boundaries(width)
  const block = graph.input('block', 'float32', ['b', width])
  const scales = graph.input('scales', precision, [1, 'b'])
  const transposed = graph.node('Transpose', [block])
  const cast =
    precision === 'float32'
      ? transposed
      : graph.node('Cast', [transposed], { to: { int: dataTypes.float64 } })
  const scaled = graph.node('Mul', [cast, scales])
  const widths = edges.slice(1).map((edge, part) => edge - edges[part])
  const sizes = graph.initializer('sizes', 'int64', [widths.length], BigInt64Array.from(widths, BigInt))
  const columns = graph.nodes('Split', [scaled, sizes], { axis: { int: 0 } }, widths.length)
  for (const [i, left] of columns.entries())
    for (let j = 0; j <= i; j++) {
      const before = graph.input(`before_${i}_${j}`, precision, [widths[i], widths[j]])
      graph.namedNode(`${i}_${j}`, 'Gemm', [left, columns[j], before], { transB: { int: 1 } })
      graph.output(`${i}_${j}`, precision, [widths[i], widths[j]])
    }
  return graph.build()
}

const tileSessions = new Map<string, (device: Provider) => Promise<Session>>()

/** Sessions for anchors of a width, of which a project has few. */
function tileSession(width: number, precision: Precision, device: Provider): Promise<Session> {
  const key = `${width} ${precision}`
  const sessions = tileSessions.get(key) ?? keptSessions(() => tileGraph(width, precision))
  tileSessions.set(key, sessions)
  return sessions(device)
}

/** `Âᵀ Â`, `[e, e]`, summed in the precision named. */
export async function gramMatrix(unit: UnitAnchors, precision: Precision, device: Provider): Promise<Dense> {
  const size = unit.anchors.columns
  const edges = boundaries(size)
  const tiles = edges.slice(0, -1).flatMap((top, i) =>
    edges.slice(0, i + 1).map((left, j) => {
      const none = zeros(edges[i + 1] - top, edges[j + 1] - left)
      return { name: `${i}_${j}`, top, left, none }
    })
  )
  let sums = Object.fromEntries(tiles.map(({ name, none }) => [name, tensorIn(precision, none)]))
  const { run } = await tileSession(size, precision, device)
  for (const { rows, scales } of anchorBlocks(unit, blockSize)) {
    const row = { rows: 1, columns: rows.rows, data: scales }
    const before = Object.entries(sums).map(([name, sum]) => [`before_${name}`, sum])
    sums = await run({
      ...Object.fromEntries(before),
      block: float32.tensor(rows),
      scales: tensorIn(precision, row)
    })
  }
  const gram = zeros(size, size)
  for (const { name, top, left, none } of tiles) {
    const { data } = denseFrom(precision, none, sums[name])
    for (let row = 0; row < none.rows; row++)
      gram.data.set(data.subarray(row * none.columns, (row + 1) * none.columns), (top + row) * size + left)
  }
  mirror(gram)
  return gram
}

/** Writes the lower triangle above the diagonal too, in squares that fill whole lines of the processor's cache. */
function mirror({ rows: size, data }: Dense): void {
  const square = 8
  for (let top = 0; top < size; top += square)
    for (let left = 0; left <= top; left += square)
      for (let i = top; i < Math.min(size, top + square); i++)
        for (let j = left; j < Math.min(i, left + square); j++) data[j * size + i] = data[i * size + j]
}

/** The Gram matrix of the anchors in float64. */
export async function exactGram(unit: UnitAnchors): Promise<Gram> {
  return withFactors(await gramMatrix(unit, 'float64', 'cpu'), true)
}

/**
 * The Gram matrix of the anchors in float32 on the device, good enough to precondition with; where float32 can't tell
 * it from a singular one, the one that `exactly` gives.
 */
export async function deviceGram(
  unit: UnitAnchors,
  device: Provider,
  exactly: () => Promise<Gram> = () => exactGram(unit)
): Promise<Gram> {
  const gram = withFactors(await gramMatrix(unit, 'float32', device), false)
  return (await gram.factor(0)).ridge > 0 ? await exactly() : gram
}

async function factoriseWithFloor(matrix: Dense, unitShift: number, asked: number): Promise<RidgeFactor> {
  let ridge = asked
  for (;;) {
    const factor = await factorise(matrix, ridge * unitShift)
    if (factor !== null) return { factor, ridge }
    ridge = Math.max(ridgeFloor, 10 * ridge)
  }
}
