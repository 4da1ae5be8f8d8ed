/**
 * The products `Âᵀ M Â` of anchors at length 1, under no mask or under a few at once. They are symmetric: of the tiles of
 * a product those up to the diagonal are computed, 10/16 of all. Under masks, anchors that the same masks keep are
 * multiplied together, and what they come to is added for each of these masks while it is in the processor's cache: so all
 * masks together cost one product of all anchors.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider, Session } from '#engine/devices/session.ts'
import { dataTypes } from '#engine/onnx/build-messages.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { type Dense, zeros } from './dense.ts'
import { float32, opset, type Precision, tensorIn } from './products.ts'
import { keptSessions } from './sessions.ts'
import { type AnchorBlock, anchorBlocks, type UnitAnchors } from './unit-anchors.ts'

/** So many masks are multiplied together: each further one doubles the groups of anchors that the same masks keep. */
export const masksTogether = 5

/** Columns are multiplied in so many parts. */
const parts = 4

/**
 * Bytes of anchors multiplied at once: few enough that what is laid out of them stays small, and enough for long sums, of
 * groups of them too.
 */
const blockBytes = { whole: 2 ** 23, inGroups: 2 ** 27 }

/** A tile of rows of one part and columns of another, and where it begins. */
type Tile = { row: number; column: number; top: number; left: number; height: number; width: number }

/** The widths of the parts of so many columns. */
function partWidths(size: number): number[] {
  const count = Math.min(parts, size)
  const edge = (part: number): number => Math.floor((size * part) / count)
  return Array.from({ length: count }, (_, part) => edge(part + 1) - edge(part))
}

/** The tiles up to the diagonal of a matrix `[size, size]`. */
function lowerTiles(size: number): Tile[] {
  const widths = partWidths(size)
  const start = (part: number): number => widths.slice(0, part).reduce((sum, width) => sum + width, 0)
  return widths.flatMap((height, row) =>
    widths
      .slice(0, row + 1)
      .map((width, column) => ({ row, column, top: start(row), left: start(column), height, width }))
  )
}

/** The name of a tile of the product under mask `of`, or of all anchors. */
const outputName = (of: number | 'all', { row, column }: Tile): string => `${of}_${row}_${column}`

/**
 * The tiles of a block of anchors under each of `masks` masks and under none. Group `g` holds the anchors that are kept by
 * the masks whose bits `g` has. Each is transposed once, in float32, which onnxruntime does faster than each product on
 * its own.
 */
function tileGraph(size: number, precision: Precision, masks: number): Uint8Array {
  const graph = graphBuilder({ opset })
  const block = graph.input('block', 'float32', ['b', size])
  const widths = partWidths(size)
  const sizes = graph.initializer('sizes', 'int64', [widths.length], BigInt64Array.from(widths, BigInt))
  const groups = Array.from({ length: 2 ** masks }, (_, group) => {
    const own =
      masks === 0
        ? block
        : graph.node('Gather', [block, graph.input(`rows_${group}`, 'int32', [`b_${group}`])])
    const transposed = graph.node('Transpose', [own])
    const cast =
      precision === 'float32'
        ? transposed
        : graph.node('Cast', [transposed], { to: { int: dataTypes[precision] } })
    const scales = graph.input(`scales_${group}`, precision, [1, `b_${group}`])
    return graph.nodes(
      'Split',
      [graph.node('Mul', [cast, scales]), sizes],
      { axis: { int: 0 } },
      widths.length
    )
  })
  for (const tile of lowerTiles(size)) {
    const products = groups.map((columns) =>
      graph.node('Gemm', [columns[tile.row], columns[tile.column]], { transB: { int: 1 } })
    )
    const output = (of: number | 'all', value: string): void => {
      graph.output(graph.namedNode(outputName(of, tile), 'Identity', [value]), precision, [
        tile.height,
        tile.width
      ])
    }
    output('all', sumByMask(graph, products, output))
  }
  return graph.build()
}

/**
 * Hands out, for each mask, the sum of the products of the groups that it keeps; answers with the sum of all. Groups that
 * differ in one mask alone are next to each other: once its sum is handed out they are added, and the next mask's turn comes
 * with half as many.
 */
function sumByMask(
  graph: GraphBuilder,
  products: string[],
  output: (mask: number, sum: string) => void
): string {
  const add = (a: string, b: string): string => graph.node('Add', [a, b])
  let left = products
  for (let mask = 0; left.length > 1; mask++) {
    const kept = left.filter((_, group) => group % 2 === 1)
    output(mask, kept.reduce(add))
    left = kept.map((product, pair) => add(left[2 * pair], product))
  }
  return left[0]
}

const tileSessions = new Map<string, (device: Provider) => Promise<Session>>()

/** Sessions for anchors of a width, of which a project has few. */
function tileSession(size: number, precision: Precision, masks: number, device: Provider): Promise<Session> {
  const key = `${size} ${precision} ${masks}`
  const sessions = tileSessions.get(key) ?? keptSessions(() => tileGraph(size, precision, masks))
  tileSessions.set(key, sessions)
  return sessions(device)
}

/** What the groups of a block's anchors are fed as. An empty one gets an anchor that counts for nothing. */
function groupFeeds(
  block: AnchorBlock,
  masks: readonly Uint8Array[],
  precision: Precision
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {}
  const groups = Array.from({ length: 2 ** masks.length }, (): number[] => [])
  for (let i = 0; i < block.rows.rows; i++)
    groups[masks.reduce((group, mask, bit) => group + mask[block.start + i] * 2 ** bit, 0)].push(i)
  for (const [group, kept] of groups.entries()) {
    const isEmpty = kept.length === 0
    const rows = Int32Array.from(isEmpty ? [0] : kept)
    const scales = Float64Array.from(rows, (row) => (isEmpty ? 0 : block.scales[row]))
    if (masks.length > 0) feeds[`rows_${group}`] = { type: 'int32', dims: [rows.length], data: rows }
    feeds[`scales_${group}`] = tensorIn(precision, { rows: 1, columns: rows.length, data: scales })
  }
  return feeds
}

/** The products under each of `masks`, each `[k]`, and under none, added to `each` and `all`. */
async function addProducts(
  unit: UnitAnchors,
  masks: readonly Uint8Array[],
  [precision, device]: [Precision, Provider],
  all: Float64Array | null,
  each: readonly Float32Array[]
): Promise<void> {
  const { rows: count, columns: size } = unit.anchors
  const { run } = await tileSession(size, precision, masks.length, device)
  const tiles = lowerTiles(size)
  const bytes = masks.length > 0 ? blockBytes.inGroups : blockBytes.whole
  const blocks = Math.ceil((count * size * Float32Array.BYTES_PER_ELEMENT) / bytes)
  for (const block of anchorBlocks(unit, Math.ceil(count / blocks))) {
    const found = await run({ ...groupFeeds(block, masks, precision), block: float32.tensor(block.rows) })
    for (const tile of tiles) {
      if (all !== null) addTile(all, size, tile, found[outputName('all', tile)], block.start === 0)
      for (const [mask, sum] of each.entries())
        addTile(sum, size, tile, found[outputName(mask, tile)], block.start === 0)
    }
  }
  if (all !== null) mirror(all, size)
  for (const sum of each) mirror(sum, size)
}

/** Adds a tile to `sum [size, size]`; the first of a place is copied, which is much faster. */
function addTile(
  sum: Float32Array | Float64Array,
  size: number,
  tile: Tile,
  { data }: Tensor,
  isFirst: boolean
): void {
  const { top, left, height, width } = tile
  if (!(data instanceof Float32Array || data instanceof Float64Array) || data.length !== height * width)
    throw new AnchorageError('internal', 'A tile came back in another form than its graph says.')
  for (let i = 0; i < height; i++) {
    const start = (top + i) * size + left
    if (isFirst) sum.set(data.subarray(i * width, (i + 1) * width), start)
    else for (let j = 0; j < width; j++) sum[start + j] += data[i * width + j]
  }
}

/** Writes the lower triangle above the diagonal too, in squares that fill whole lines of the processor's cache. */
function mirror(data: Float32Array | Float64Array, size: number): void {
  const square = 8
  for (let top = 0; top < size; top += square)
    for (let left = 0; left <= top; left += square)
      for (let i = top; i < Math.min(size, top + square); i++)
        for (let j = left; j < Math.min(i, left + square); j++) data[j * size + i] = data[i * size + j]
}

/** `Âᵀ Â`, `[e, e]`, of products in the precision named. */
export async function gramMatrix(unit: UnitAnchors, precision: Precision, device: Provider): Promise<Dense> {
  const size = unit.anchors.columns
  const all = zeros(size, size)
  await addProducts(unit, [], [precision, device], all.data, [])
  return all
}

/**
 * `Âᵀ Â` and `Âᵀ M_i Â` under each of the masks, `[k]`, all `[e, e]`, of products in float32: together they cost what the
 * first does, up to {@link masksTogether} masks.
 */
export async function maskedGramMatrices(
  unit: UnitAnchors,
  masks: readonly Uint8Array[],
  device: Provider
): Promise<{ all: Dense; each: Matrix[] }> {
  const size = unit.anchors.columns
  const all = zeros(size, size)
  const each = masks.map(() => ({ rows: size, columns: size, data: new Float32Array(size ** 2) }))
  for (let start = 0; start < masks.length; start += masksTogether) {
    const together = masks.slice(start, start + masksTogether)
    const sums = each.slice(start, start + masksTogether).map(({ data }) => data)
    await addProducts(unit, together, ['float32', device], start === 0 ? all.data : null, sums)
  }
  return { all, each }
}
