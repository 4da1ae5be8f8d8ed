/**
 * Appends the nodes of a gradient to a graph. It knows the shape of everything it appends, writes an operator
 * the way the graph's operator set wants it, and answers a node that was asked for before with the one that is
 * there, so that rules can be written without thinking of what others have computed.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Attributes } from '../build-messages.ts'
import { dataTypes } from '../build-messages.ts'
import type { GraphBuilder } from '../graph-builder.ts'
import type { NodeProto } from '../messages.ts'
import type { Dimension, Shape } from './shapes/dimensions.ts'
import type { ShapeTable } from './shapes/infer-shapes.ts'
import type { TensorFacts } from './shapes/tensor-facts.ts'

export type Emitter = {
  /** Version of ONNX's operator set in this graph. */
  readonly opset: number
  /** Appends a node with one output, or finds the same node appended before; answers with its output's name. */
  readonly node: (op: string, inputs: readonly string[], attributes?: Attributes) => string
  readonly facts: (name: string) => TensorFacts
  /** The shape of a tensor. @throws AnchorageError `unsupported` when not even its rank is known */
  readonly shape: (name: string) => Shape
  /** Tells the shape of a tensor where inference could not see it. */
  readonly noteShape: (name: string, shape: Shape) => string
  /** A constant without axes, of the element type of the tensor `like`. */
  readonly scalar: (value: number, like: string) => string
  /** An int64 constant `[values.length]`. */
  readonly integers: (values: readonly number[]) => string
  /** An int64 constant without axes. */
  readonly integer: (value: number) => string
  /**
   * Asks a node of the model for optional outputs after its first, each with the given facts.
   * @returns their names; those that the node has already are kept
   */
  readonly furtherOutputs: (node: NodeProto, wanted: Readonly<Record<string, TensorFacts>>) => string[]
  /** The sizes of a tensor as int64 `[rank]`, a constant where they are known. */
  readonly sizes: (name: string) => string
}

function unknownRank(name: string): AnchorageError {
  return new AnchorageError(
    'unsupported',
    'The number of axes of a tensor on the gradient path is not known.',
    {
      where: `tensor ${name}`,
      found: 'an operator before it whose result has no inferable shape',
      expected: 'operators whose shapes follow from their inputs, or shapes stated in the file',
      next: 'Run ONNX shape inference on the file, or export the model again without custom operators.'
    }
  )
}

/** Tensors of one key have one shape at every run. */
function keyOf(shape: Shape): string {
  return shape.map((size) => `${typeof size}:${size}`).join(' ')
}

/** A damaged graph may state sizes that no tensor has, of which others follow. */
function impossibleSizes(values: readonly number[]): AnchorageError {
  return new AnchorageError(
    'unsupported',
    'The sizes of tensors on the gradient path contradict each other.',
    {
      found: `sizes of ${values.join(', ')}`,
      expected: 'whole numbers',
      next: 'Check that the file is complete; export the model again.'
    }
  )
}

/** The largest int64, which graphs write for "to the end" of a slice, is no number of JavaScript: the next one is 2⁶³. */
function int64(value: number): bigint {
  return value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(value)
}

export function emitterFor(graph: GraphBuilder, shapes: ShapeTable, opset: number): Emitter {
  const known = new Map<string, string>()
  const remember = (key: string, make: () => string): string => {
    const name = known.get(key) ?? make()
    known.set(key, name)
    return name
  }

  const node: Emitter['node'] = (op, inputs, attributes = {}) => {
    const settings = JSON.stringify(attributes, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value
    )
    return remember(`${op}(${inputs.join(' ')})${settings}`, () => {
      const name = graph.node(op, inputs, attributes)
      const added = graph.model.graph.node.at(-1)
      if (added !== undefined) shapes.noteNode(added)
      return name
    })
  }
  const facts = (name: string): TensorFacts => shapes.of(name) ?? {}
  const shape = (name: string): Shape => {
    const found = facts(name).shape
    if (found === undefined) throw unknownRank(name)
    return found
  }

  const wholeNumbers = (values: readonly number[], shape: number[]): string => {
    if (!values.every(Number.isInteger)) throw impossibleSizes(values)
    return remember(`integers ${shape} ${values}`, () => {
      const name = graph.initializer('gradient_integers', 'int64', shape, BigInt64Array.from(values, int64))
      shapes.note(name, { elementType: dataTypes.int64, shape, values })
      return name
    })
  }
  const integers = (values: readonly number[]): string => wholeNumbers(values, [values.length])

  const scalar: Emitter['scalar'] = (value, like) => {
    const elementType = facts(like).elementType ?? dataTypes.float32
    return remember(`scalar ${value} ${elementType}`, () => {
      const isDouble = elementType === dataTypes.float64
      const name = isDouble
        ? graph.initializer('gradient_scalar', 'float64', [], Float64Array.of(value))
        : graph.initializer('gradient_scalar', 'float32', [], Float32Array.of(value))
      shapes.note(name, {
        elementType: isDouble ? elementType : dataTypes.float32,
        shape: [],
        values: [value]
      })
      const isPlain = isDouble || elementType === dataTypes.float32
      return isPlain ? name : node('Cast', [name], { to: { int: elementType } })
    })
  }

  const furtherOutputs: Emitter['furtherOutputs'] = (owner, wanted) =>
    Object.entries(wanted).map(([name, expected], index) => {
      const output = owner.output[index + 1] || graph.freshName(`${owner.output[0]}/${name}`)
      owner.output[index + 1] = output
      shapes.note(output, expected)
      return output
    })

  const sizes = (name: string): string => {
    const ownShape = shape(name)
    if (ownShape.every((size) => typeof size === 'number')) return integers(ownShape)
    return remember(`sizes ${keyOf(ownShape)}`, () => node('Shape', [name]))
  }

  return {
    opset,
    node,
    facts,
    shape,
    noteShape: (name, noted) => {
      shapes.note(name, { ...facts(name), shape: noted })
      return name
    },
    scalar,
    integers,
    integer: (value) => wholeNumbers([value], []),
    furtherOutputs,
    sizes
  }
}

/** The dimension as a number, where it is one. */
export function asNumber(size: Dimension): number | undefined {
  return typeof size === 'number' ? size : undefined
}
