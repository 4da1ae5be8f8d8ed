/**
 * The shape of every operator's result, as far as it follows from the operands: one small rule per operator.
 * An operator without one has a result of unknown shape, which matters only where a gradient passes it.
 */
import { dataTypes } from '#engine/onnx/build-messages.ts'
import { readInteger, readIntegers, readTensor } from '#engine/onnx/read-messages.ts'
import {
  add,
  broadcastShapes,
  type Dimension,
  divide,
  multiply,
  normaliseAxis,
  product,
  type Shape,
  sliceLength,
  subtract
} from './dimensions.ts'
import { allNumbers, type NodeFacts, namedAxes, namedAxis, type TensorFacts } from './tensor-facts.ts'

/** The facts of each output, or of the first ones. */
export type ShapeRule = (facts: NodeFacts) => (TensorFacts | undefined)[]

function sameAsFirst({ inputs: [first] }: NodeFacts): TensorFacts[] {
  return [{ elementType: first?.elementType, shape: first?.shape }]
}

/** A rule that needs nothing but the shapes of its first inputs; the element type is the first input's. */
function fromShapes(
  count: number,
  rule: (facts: NodeFacts, ...shapes: Shape[]) => Shape | undefined
): ShapeRule {
  return (facts) => {
    const shapes = facts.inputs.slice(0, count).flatMap((input) => (input?.shape ? [input.shape] : []))
    const shape = shapes.length === count ? rule(facts, ...shapes) : undefined
    return [{ elementType: facts.inputs[0]?.elementType, shape }]
  }
}

function broadcast(elementType?: number, first = 0): ShapeRule {
  return ({ inputs }) => {
    const shapes = inputs.flatMap((input) => (input?.shape ? [input.shape] : []))
    return [
      {
        elementType: elementType ?? inputs[first]?.elementType,
        shape: shapes.length === inputs.length ? broadcastShapes(...shapes) : undefined
      }
    ]
  }
}

function matMulShape(_: NodeFacts, a: Shape, b: Shape): Shape {
  const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2))
  return [...batch, ...(a.length > 1 ? a.slice(-2, -1) : []), ...(b.length > 1 ? b.slice(-1) : [])]
}

function gemmShape({ node }: NodeFacts, a: Shape, b: Shape): Shape {
  return [a[readInteger(node, 'transA', 0) ? 1 : 0], b[readInteger(node, 'transB', 0) ? 0 : 1]]
}

function reducedShape(facts: NodeFacts, shape: Shape): Shape | undefined {
  const axes = namedAxes(facts, 1, shape.length)
  if (axes === undefined) return undefined
  if (axes.length === 0 && readInteger(facts.node, 'noop_with_empty_axes', 0)) return shape
  const isReduced = (axis: number) => axes.length === 0 || axes.includes(axis)
  if (readInteger(facts.node, 'keepdims', 1)) return shape.map((size, axis) => (isReduced(axis) ? 1 : size))
  return shape.filter((_, axis) => !isReduced(axis))
}

function reshapedShape({ node, inputs }: NodeFacts, shape: Shape): Shape | undefined {
  const wanted = inputs[1]?.values
  if (wanted === undefined) {
    const rank = inputs[1]?.shape?.[0]
    return typeof rank === 'number'
      ? Array.from({ length: rank }, (_, axis) => `${node.output[0]}[${axis}]`)
      : undefined
  }
  const keepsZero = readInteger(node, 'allowzero', 0) === 1
  const sizes = wanted.map((size, axis) => (size === 0 && !keepsZero ? shape[axis] : size))
  const known = sizes.filter((size) => size !== -1)
  return sizes.map((size) => (size === -1 ? remainingSize(shape, known) : size))
}

/** What -1 stands for: the sizes of `shape` that `known` does not name already. */
function remainingSize(shape: Shape, known: Shape): Dimension {
  const left = [...shape]
  const divisors: Dimension[] = []
  for (const size of known) {
    const at = left.indexOf(size)
    if (at >= 0) left.splice(at, 1)
    else divisors.push(size)
  }
  return divide(product(left), product(divisors))
}

function transposedShape({ node }: NodeFacts, shape: Shape): Shape {
  const order = readIntegers(node, 'perm')
  return order.length > 0 ? order.map((axis) => shape[axis]) : [...shape].reverse()
}

function squeezedShape(facts: NodeFacts, shape: Shape): Shape | undefined {
  const axes = namedAxes(facts, 1, shape.length)
  if (axes === undefined) return undefined
  if (axes.length > 0) return shape.filter((_, axis) => !axes.includes(axis))
  return allNumbers(shape)?.filter((size) => size !== 1)
}

function unsqueezedShape(facts: NodeFacts, shape: Shape): Shape | undefined {
  const given = namedAxes(facts, 1, 0)
  if (given === undefined) return undefined
  const rank = shape.length + given.length
  const axes = given.map((axis) => normaliseAxis(axis, rank))
  const sizes = [...shape]
  return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (sizes.shift() ?? 1)))
}

function flattenedShape(facts: NodeFacts, shape: Shape): Shape {
  const axis = namedAxis(facts, 1, shape.length)
  return [product(shape.slice(0, axis)), product(shape.slice(axis))]
}

function slicedShape({ node, inputs }: NodeFacts, shape: Shape): Shape | undefined {
  const [, starts, ends, axes, steps] = inputs
  const named = node.input[3] ? allNumbers(axes?.values) : shape.map((_, axis) => axis)
  if (named === undefined) return shape.map((_, axis) => `${node.output[0]}[${axis}]`)
  const isStepped = Boolean(node.input[4])
  return shape.map((size, axis) => {
    const at = named.findIndex((candidate) => normaliseAxis(candidate, shape.length) === axis)
    if (at < 0) return size
    const [start, end, step] = [starts?.values?.[at], ends?.values?.[at], isStepped ? steps?.values?.[at] : 1]
    if (start === undefined || end === undefined || step === undefined) return `${node.output[0]}[${axis}]`
    return sliceLength(size, start, end, step)
  })
}

function splitShapes(facts: NodeFacts): TensorFacts[] {
  const { node, inputs } = facts
  const shape = inputs[0]?.shape
  if (shape === undefined) return node.output.map(() => ({ elementType: inputs[0]?.elementType }))
  const axis = namedAxis(facts, 0, shape.length)
  const given = node.input[1] ? inputs[1]?.values : readIntegers(node, 'split')
  const count = node.output.length
  const chunk = typeof shape[axis] === 'number' ? Math.ceil(shape[axis] / count) : divide(shape[axis], count)
  return node.output.map((name, index) => {
    const even = index === count - 1 ? subtract(shape[axis], multiply(chunk, count - 1)) : chunk
    const size = given === undefined ? `${name}[${axis}]` : given.length > 0 ? given[index] : even
    return { elementType: inputs[0]?.elementType, shape: shape.with(axis, size) }
  })
}

function concatenatedShape({ node, inputs }: NodeFacts): TensorFacts[] {
  const shapes = inputs.map((input) => input?.shape)
  const first = shapes.find((shape) => shape !== undefined)
  if (first === undefined) return [{ elementType: inputs[0]?.elementType }]
  const axis = normaliseAxis(readInteger(node, 'axis', 0), first.length)
  const size = shapes.reduce<Dimension>(
    (sum, shape, index) => add(sum, shape?.[axis] ?? `${node.input[index]}[${axis}]`),
    0
  )
  return [{ elementType: inputs[0]?.elementType, shape: first.with(axis, size) }]
}

function gatheredShape(facts: NodeFacts, data: Shape, indices: Shape): Shape {
  const axis = namedAxis(facts, 0, data.length)
  return [...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]
}

function gatheredByIndexShape({ node }: NodeFacts, data: Shape, indices: Shape): Shape | undefined {
  const batch = readInteger(node, 'batch_dims', 0)
  const depth = indices[indices.length - 1]
  return typeof depth === 'number' ? [...indices.slice(0, -1), ...data.slice(batch + depth)] : undefined
}

function expandedShape({ node, inputs: [data, target] }: NodeFacts): TensorFacts[] {
  const rank = target?.shape?.[0]
  const unknown =
    typeof rank === 'number' && data?.shape
      ? Array.from({ length: Math.max(rank, data.shape.length) }, (_, axis) => `${node.output[0]}[${axis}]`)
      : undefined
  const shape = data?.shape && target?.values ? broadcastShapes(data.shape, target.values) : unknown
  return [{ elementType: data?.elementType, shape }]
}

function tiledShape({ node, inputs: [, repeats] }: NodeFacts, shape: Shape): Shape {
  return shape.map((size, axis) => {
    const copies = repeats?.values?.[axis]
    return copies === undefined ? `${node.output[0]}[${axis}]` : multiply(size, copies)
  })
}

function shapeOfShape({ inputs: [data] }: NodeFacts): TensorFacts[] {
  return [{ elementType: dataTypes.int64, shape: data?.shape && [data.shape.length] }]
}

function constantShape({ node }: NodeFacts): TensorFacts[] {
  const tensor = readTensor(node, 'value')
  return [tensor ? { elementType: tensor.dataType, shape: tensor.dims.map(Number) } : {}]
}

function filledShape({ node, inputs: [sizes] }: NodeFacts): TensorFacts[] {
  const elementType = readTensor(node, 'value')?.dataType ?? dataTypes.float32
  return [{ elementType, shape: sizes?.values }]
}

function rangeShape({ node, inputs: [start, limit, delta] }: NodeFacts): TensorFacts[] {
  const [from, to, step] = [start?.values?.[0], limit?.values?.[0], delta?.values?.[0]]
  const isCount = from === 0 && step === 1 && to !== undefined
  return [{ elementType: start?.elementType, shape: [isCount ? to : `${node.output[0]}[0]`] }]
}

function castShape({ node, inputs: [data] }: NodeFacts): TensorFacts[] {
  return [{ elementType: readInteger(node, 'to', 0), shape: data?.shape }]
}

function sameForEach<Key extends string>(keys: readonly Key[], rule: ShapeRule): Record<string, ShapeRule> {
  return Object.fromEntries(keys.map((key) => [key, rule]))
}

export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...sameForEach(
    [
      ...['Abs', 'Ceil', 'Clip', 'Cos', 'CumSum', 'Dropout', 'Erf', 'Exp', 'Floor', 'Gelu', 'Identity'],
      ...['LayerNormalization', 'Log', 'LogSoftmax', 'Neg', 'Not', 'Reciprocal', 'Relu', 'ScatterElements'],
      ...['ScatterND', 'Sigmoid', 'Sign', 'Sin', 'Softmax', 'Sqrt', 'Tanh', 'Trilu']
    ],
    sameAsFirst
  ),
  ...sameForEach(['Add', 'Div', 'Max', 'Min', 'Mod', 'Mul', 'Pow', 'Sub', 'Sum'], broadcast()),
  ...sameForEach(
    ['And', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Or', 'Xor'],
    broadcast(dataTypes.bool)
  ),
  ...sameForEach(
    ['ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceProd', 'ReduceSum'],
    fromShapes(1, reducedShape)
  ),
  ...sameForEach(['IsInf', 'IsNaN'], ({ inputs: [x] }) => [{ elementType: dataTypes.bool, shape: x?.shape }]),
  ...sameForEach(['ArgMax', 'ArgMin', 'NonZero', 'Size'], () => [{ elementType: dataTypes.int64 }]),
  Where: broadcast(undefined, 1),
  MatMul: fromShapes(2, matMulShape),
  Gemm: fromShapes(2, gemmShape),
  Reshape: fromShapes(1, reshapedShape),
  Transpose: fromShapes(1, transposedShape),
  Squeeze: fromShapes(1, squeezedShape),
  Unsqueeze: fromShapes(1, unsqueezedShape),
  Flatten: fromShapes(1, flattenedShape),
  Slice: fromShapes(1, slicedShape),
  Split: splitShapes,
  Concat: concatenatedShape,
  Gather: fromShapes(2, gatheredShape),
  GatherND: fromShapes(2, gatheredByIndexShape),
  GatherElements: ({ inputs: [data, indices] }) => [
    { elementType: data?.elementType, shape: indices?.shape }
  ],
  Expand: expandedShape,
  Tile: fromShapes(1, tiledShape),
  Shape: shapeOfShape,
  Constant: constantShape,
  ConstantOfShape: filledShape,
  Range: rangeShape,
  Cast: castShape,
  /** A quantised weight comes back as float; the scale has its type. */
  DequantizeLinear: ({ inputs: [data, scale] }) => [{ elementType: scale?.elementType, shape: data?.shape }]
}
