/** Gradients of looking elements up: they are added up where they were taken from. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readInteger } from '#engine/onnx/read-messages.ts'
import { reshapeLike, sumOver, zerosLike } from '../emit-shapes.ts'
import { joinSizes, multiplySizes, sizesBetween } from '../emit-sizes.ts'
import { asNumber, type Emitter } from '../emitter.ts'
import { normaliseAxis, product } from '../shapes/dimensions.ts'
import type { GradientRule, GradientSite } from './rule.ts'
import { placesOf, scatterRows } from './scatter.ts'

/** y = x[…, indices, …] along an axis: d_x[…, i, …] = Σ of g over the places where the index is i */
export const gathering: GradientRule = (emit, { node, inputs: [x, indices], gradient }) => [
  () => {
    const shape = emit.shape(x)
    const axis = normaliseAxis(readInteger(node, 'axis', 0), shape.length)
    const rank = emit.shape(indices).length
    const rows = rank === 1 ? indices : emit.node('Reshape', [indices, emit.integers([-1])])
    const target = [
      sizesBetween(emit, x, 0, axis),
      emit.integers([-1]),
      sizesBetween(emit, x, axis + 1, shape.length)
    ]
    const inRows = rank === 1 ? gradient : emit.node('Reshape', [gradient, joinSizes(emit, target)])
    emit.noteShape(inRows, shape.with(axis, product(emit.shape(indices))))
    return emit.noteShape(scatterRows(emit, inRows, rows, axis, x), shape)
  },
  undefined
]

/** y = x looked up element by element along an axis: d_x = Σ of g at the places it was taken from */
export const gatheringElements: GradientRule = (emit, { node, inputs: [x, indices], gradient }) => [
  () => {
    const axis = normaliseAxis(readInteger(node, 'axis', 0), emit.shape(x).length)
    const isOnePerRow = emit.shape(indices)[axis] === 1
    if (!isOnePerRow && emit.opset < 16) {
      throw new AnchorageError(
        'unsupported',
        'Repeated lookups can only be added up since operator set 16.',
        {
          where: `node ${node.name}, operator GatherElements`,
          found: `operator set ${emit.opset}`,
          expected: 'operator set 16 or newer, or one lookup per row',
          next: 'Export the model again with a newer operator set.'
        }
      )
    }
    const along = { axis: { int: axis } }
    const attributes = isOnePerRow ? along : { ...along, reduction: { string: 'add' } }
    return emit.node('ScatterElements', [zerosLike(emit, x), indices, gradient], attributes)
  },
  undefined
]

/**
 * y = x[indices] with several axes looked up at once, after `batch_dims` (0 or 1) that both share: these axes
 * are taken as one, whose places are numbered row by row, and g is added up there.
 */
export const gatheringByIndex: GradientRule = (emit, site) => [
  () => {
    const {
      node,
      inputs: [x, indices],
      gradient
    } = site
    const batch = readInteger(node, 'batch_dims', 0)
    const depth = asNumber(emit.shape(indices).at(-1) ?? 0)
    if (batch > 1 || depth === undefined) throw unknownLookup(site, batch)
    const count = multiplySizes(emit, sizesBetween(emit, x, batch, batch + depth))
    const places = emit.node('Squeeze', [count])
    const numbers = flatPlaces(emit, x, indices, batch, depth)
    const shared = emit.integers(batch === 1 ? [0] : [])
    const rows = emit.node('Reshape', [numbers, joinSizes(emit, [shared, emit.integers([-1])])])
    const width = multiplySizes(emit, sizesBetween(emit, x, batch + depth, emit.shape(x).length))
    const target = joinSizes(emit, [shared, emit.integers([-1]), width])
    const inRows = emit.node('Reshape', [gradient, target])
    const rowShape = batch === 1 ? [emit.shape(x)[0], `${rows} rows`] : [`${rows} rows`]
    emit.noteShape(rows, rowShape)
    const added = emit.node('MatMul', [placesOf(emit, rows, places, gradient), inRows])
    return reshapeLike(
      emit,
      emit.noteShape(added, [...rowShape.slice(0, -1), `${rows} places`, `${rows} width`]),
      x
    )
  },
  undefined
]

function unknownLookup({ node }: GradientSite, batch: number): AnchorageError {
  return new AnchorageError('unsupported', 'This form of GatherND has no gradient here.', {
    where: `node ${node.name}, operator GatherND`,
    found: batch > 1 ? `batch_dims = ${batch}` : 'indices whose last size is only known at run time',
    expected: 'batch_dims of 0 or 1 and a fixed number of indices',
    next: 'Export the model again, or simplify the graph.'
  })
}

/** The place numbers Σ index · stride of `indices [… , depth]` into the axes of x from `batch` on. */
function flatPlaces(emit: Emitter, x: string, indices: string, batch: number, depth: number): string {
  const end = batch + depth
  const strides = Array.from({ length: depth }, (_, at) =>
    multiplySizes(emit, sizesBetween(emit, x, batch + at + 1, end))
  )
  const fromFront = emit.node('Mod', [indices, sizesBetween(emit, x, batch, end)])
  const weighted = emit.node('Mul', [fromFront, joinSizes(emit, strides)])
  return sumOver(emit, weighted, [emit.shape(indices).length - 1], false)
}
