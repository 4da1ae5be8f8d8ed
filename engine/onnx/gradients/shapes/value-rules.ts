/**
 * The elements of small tensors where they follow from constants and sizes: the shape arithmetic that
 * exporters write (Shape, Gather, Concat, …), followed with named sizes in place of numbers.
 */
import { dataTypes } from '#engine/onnx/build-messages.ts'
import { readInteger, readTensor, readValues } from '#engine/onnx/read-messages.ts'
import { add, type Dimension, divide, multiply, normaliseAxis, sliceLength, subtract } from './dimensions.ts'
import { allNumbers, type NodeFacts } from './tensor-facts.ts'

type Values = readonly Dimension[]

/** The elements of the first output, or undefined when they don't follow. */
export type ValueRule = (facts: NodeFacts) => Values | undefined

function sameAsFirst({ inputs: [first] }: NodeFacts): Values | undefined {
  return first?.values
}

/** To whole numbers towards zero, to truth values by being other than zero. */
function cast({ node, inputs: [first] }: NodeFacts): Values | undefined {
  const to = readInteger(node, 'to', 0)
  if (to === dataTypes.float32 || to === dataTypes.float64) return first?.values
  return first?.values?.map((value) => {
    if (typeof value === 'string') return value
    return to === dataTypes.bool ? Number(value !== 0) : Math.trunc(value)
  })
}

/** Elementwise on two lists of one length, or on a list and a single value. */
function elementwise(rule: (a: Dimension, b: Dimension) => Dimension | undefined): ValueRule {
  return ({ inputs: [first, second] }) => {
    const [a, b] = [first?.values, second?.values]
    if (a === undefined || b === undefined || (a.length !== b.length && a.length !== 1 && b.length !== 1))
      return undefined
    const pairs = Array.from({ length: Math.max(a.length, b.length) }, (_, index) =>
      rule(a[a.length === 1 ? 0 : index], b[b.length === 1 ? 0 : index])
    )
    return pairs.every((value) => value !== undefined) ? pairs : undefined
  }
}

/** Sizes are not negative, so an unknown one differs from every negative number. */
function equal(a: Dimension, b: Dimension): Dimension | undefined {
  if (a === b) return 1
  const isDifferent = typeof a === 'number' ? typeof b === 'number' || a < 0 : typeof b === 'number' && b < 0
  return isDifferent ? 0 : undefined
}

function negated({ inputs: [first] }: NodeFacts): Values | undefined {
  return allNumbers(first?.values)?.map((value) => Number(value === 0))
}

function isWholeNumbers({ inputs: [first] }: NodeFacts): boolean {
  return first?.elementType === dataTypes.int64 || first?.elementType === dataTypes.int32
}

function onlyWhole(rule: ValueRule): ValueRule {
  return (facts) => (isWholeNumbers(facts) ? rule(facts) : undefined)
}

function gathered({ inputs: [data, indices] }: NodeFacts): Values | undefined {
  const at = allNumbers(indices?.values)
  if (data?.values === undefined || data.shape?.length !== 1 || at === undefined) return undefined
  const { values } = data
  return at.map((index) => values[normaliseAxis(index, values.length)])
}

function sliced({ node, inputs: [data, starts, ends, , steps] }: NodeFacts): Values | undefined {
  const [start, end] = [starts?.values?.[0], ends?.values?.[0]]
  const step = node.input[4] ? steps?.values?.[0] : 1
  if (data?.values === undefined || data.shape?.length !== 1 || typeof start !== 'number') return undefined
  if (typeof end !== 'number' || typeof step !== 'number') return undefined
  const { values } = data
  const length = Number(sliceLength(values.length, start, end, step))
  const last = step > 0 ? values.length : values.length - 1
  const first = Math.min(Math.max(normaliseAxis(start, values.length), 0), last)
  return Array.from({ length }, (_, index) => values[first + index * step])
}

function concatenated({ node, inputs }: NodeFacts): Values | undefined {
  const parts = node.input.map((_, index) => inputs[index]?.values)
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined
}

function chosen({ inputs: [condition, first, second] }: NodeFacts): Values | undefined {
  const [choice, a, b] = [allNumbers(condition?.values), first?.values, second?.values]
  if (choice === undefined || a === undefined || b === undefined) return undefined
  const length = Math.max(choice.length, a.length, b.length)
  const at = (list: Values, index: number) => list[list.length === 1 ? 0 : index]
  return Array.from({ length }, (_, index) => at(at(choice, index) === 0 ? b : a, index))
}

function filled({ node, inputs: [sizes] }: NodeFacts): Values | undefined {
  const count = sizes?.values?.length === 1 ? sizes.values[0] : undefined
  const fill = readTensor(node, 'value')
  if (typeof count !== 'number' || count > 64) return undefined
  const value = fill === undefined ? 0 : readValues(fill)?.[0]
  return value === undefined ? undefined : Array.from({ length: count }, () => value)
}

function constant({ node }: NodeFacts): Values | undefined {
  const tensor = readTensor(node, 'value')
  return tensor && readValues(tensor)
}

/** Shape, with the bounds that operator set 15 gave it. */
function sizes({ node, inputs: [data] }: NodeFacts): Values | undefined {
  const [start, end] = [readInteger(node, 'start', 0), readInteger(node, 'end', data?.shape?.length ?? 0)]
  return data?.shape?.slice(start, end)
}

export const valueRules: Readonly<Record<string, ValueRule>> = {
  Shape: sizes,
  Constant: constant,
  ConstantOfShape: filled,
  Identity: sameAsFirst,
  Cast: cast,
  Squeeze: sameAsFirst,
  Unsqueeze: sameAsFirst,
  Reshape: sameAsFirst,
  Gather: gathered,
  Slice: sliced,
  Concat: concatenated,
  Where: chosen,
  Equal: elementwise(equal),
  Not: negated,
  Add: onlyWhole(elementwise(add)),
  Sub: onlyWhole(elementwise(subtract)),
  Mul: onlyWhole(elementwise(multiply)),
  Div: onlyWhole(elementwise(divide))
}
