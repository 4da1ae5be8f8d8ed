/**
 * Checks a gradient rule against central differences in float64: one operator in a small graph, its weighted
 * sum as the loss, every element of every input moved by ±h.
 */

import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { openSession } from '#engine/devices/session.ts'
import { differentiate } from '#engine/onnx/gradients/differentiate.ts'
import type { GraphBuilder } from '#engine/onnx/graph-builder.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { ElementType, Tensor } from '#engine/onnx/tensor.ts'

/** How the sizes of inputs are declared: as numbers, or by a name of its own for every axis. */
export const declarations = ['numbers', 'names'] as const
export type Declaration = (typeof declarations)[number]

export type FloatInput = {
  readonly shape: readonly number[]
  /** Values are uniform in this range; −2 to 2 unless said otherwise. */
  readonly range?: readonly [number, number]
  /** An input that is not differentiated by. */
  readonly isFixed?: boolean
}

export type WholeInput = {
  readonly shape: readonly number[]
  readonly values: readonly number[]
  /** Whether the last size is always declared as a number: a graph whose ranks depend on it can't be analysed. */
  readonly isLengthStated?: boolean
}

export type GradientCase = {
  readonly title: string
  /** Operator sets in which the case is written the same way. */
  readonly opsets: readonly number[]
  /** Floating-point inputs `x0`, `x1`, … */
  readonly floats: readonly FloatInput[]
  /** int64 inputs `i0`, `i1`, …, whose values the graph knows at run time only. */
  readonly wholes?: readonly WholeInput[]
  /** Appends the operator; answers with its outputs, all of which enter the loss. */
  readonly build: (graph: GraphBuilder, floats: readonly string[], wholes: readonly string[]) => string[]
  /**
   * The operator on one element, for operators that onnxruntime does not have in float64: the differences are
   * of this function, and in the gradient's graph the operator runs in float32 between casts.
   */
  readonly elementwise?: (x: number) => number
}

/** How far an element is moved; the error of the difference is of the order h². */
const h = 1e-5

function declaredSizes(
  name: string,
  shape: readonly number[],
  declaration: Declaration
): (number | string)[] {
  return shape.map((size, axis) => (declaration === 'numbers' ? size : `${name}_${axis}`))
}

type Problem = { graph: GraphBuilder; outputs: string[]; feeds: Record<string, Tensor>; floatNames: string[] }

/** The case as a graph in the given element type, with seeded values for its inputs. */
function pose(
  { floats, wholes = [], build }: GradientCase,
  opset: number,
  declaration: Declaration,
  type: 'float64' | 'float32'
): Problem {
  const uniform = seededUniform(7)
  const graph = graphBuilder({ opset })
  const feeds: Record<string, Tensor> = {}
  const floatNames = floats.map(({ shape, range: [low, high] = [-2, 2] }, index) => {
    const values = Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () => low + (high - low) * uniform()
    )
    const name = `x${index}`
    feeds[name] = floatTensor(type, shape, values)
    return graph.input(name, type, declaredSizes(name, shape, declaration))
  })
  const wholeNames = wholes.map(({ shape, values, isLengthStated }, index) => {
    const name = `i${index}`
    const sizes = declaredSizes(name, shape, declaration)
    feeds[name] = { type: 'int64', dims: shape, data: BigInt64Array.from(values, BigInt) }
    return graph.input(name, 'int64', isLengthStated ? sizes.with(-1, shape.at(-1) ?? 1) : sizes)
  })
  return { graph, outputs: build(graph, floatNames, wholeNames), feeds, floatNames }
}

export function floatTensor(
  type: 'float64' | 'float32',
  dims: readonly number[],
  values: readonly number[]
): Tensor {
  return type === 'float64'
    ? { type, dims, data: Float64Array.from(values) }
    : { type, dims, data: Float32Array.from(values) }
}

/** Declares outputs of unstated shape. */
function declareOutputs(model: ModelProto, names: readonly string[], elemType: number): void {
  for (const name of names) model.graph.output.push({ name, type: { tensorType: { elemType } } })
}

/** Puts casts to float32 and back around the operators that have no float64 kernel. */
function runInFloat32(model: ModelProto, operator: string): void {
  const cast = (input: string, output: string, to: number) => ({
    ...{ name: `${output}/cast`, opType: 'Cast', domain: '', input: [input], output: [output] },
    attribute: [{ name: 'to', type: 2, i: BigInt(to) }]
  })
  model.graph.node = model.graph.node.flatMap((node) => {
    if (node.opType !== operator) return [node]
    const [x, y] = [`${node.output[0]}/input`, `${node.output[0]}/output`]
    const inner = { ...node, input: [x], output: [y] }
    return [cast(node.input[0], x, 1), inner, cast(y, node.output[0], 11)]
  })
}

/** Values of the case's outputs in float64, for inputs that are moved about. */
async function openForward(gradientCase: GradientCase, opset: number) {
  const { graph, outputs, feeds, floatNames } = pose(gradientCase, opset, 'numbers', 'float64')
  const { elementwise } = gradientCase
  if (elementwise !== undefined) {
    const evaluate = (given: Record<string, Tensor>) => {
      const x = given[floatNames[0]]
      return Promise.resolve([floatTensor('float64', x.dims, numbersOf(x).map(elementwise))])
    }
    return { feeds, floatNames, evaluate, release: () => Promise.resolve() }
  }
  declareOutputs(graph.model, outputs, 11)
  const session = await openSession(graph.build(), { device: 'cpu', threads: 1 })
  const evaluate = async (given: Record<string, Tensor>) => {
    const answer = await session.run(given)
    return outputs.map((name) => answer[name])
  }
  return { feeds, floatNames, evaluate, release: session.release }
}

function numbersOf(tensor: Tensor): number[] {
  return Array.from(tensor.data, Number)
}

/** Central differences of Σ weight · output by every element of the inputs that are differentiated by. */
export async function differencesOf(gradientCase: GradientCase, opset: number) {
  const { feeds, floatNames, evaluate, release } = await openForward(gradientCase, opset)
  const uniform = seededUniform(11)
  const weights = (await evaluate(feeds)).map((output) => ({
    dims: output.dims,
    values: numbersOf(output).map(() => 2 * uniform() - 1)
  }))
  const lossAt = async (name: string, values: number[]): Promise<number> => {
    const moved = { ...feeds, [name]: floatTensor('float64', feeds[name].dims, values) }
    const outputs = (await evaluate(moved)).map(numbersOf)
    return outputs.reduce(
      (sum, output, index) => output.reduce((inner, y, at) => inner + y * weights[index].values[at], sum),
      0
    )
  }
  const differences = new Map<string, number[]>()
  for (const [index, name] of floatNames.entries()) {
    if (gradientCase.floats[index].isFixed) continue
    const values = numbersOf(feeds[name])
    const list: number[] = []
    for (const [at, value] of values.entries()) {
      const above = await lossAt(name, values.with(at, value + h))
      const below = await lossAt(name, values.with(at, value - h))
      list.push((above - below) / (2 * h))
    }
    differences.set(name, list)
  }
  await release()
  return { weights, differences }
}

/** The case's loss and the model that differentiates it. */
export function differentiatedCase(
  gradientCase: GradientCase,
  opset: number,
  declaration: Declaration,
  type: 'float64' | 'float32',
  weights: readonly { dims: readonly number[]; values: readonly number[] }[]
) {
  const { graph, outputs, feeds, floatNames } = pose(gradientCase, opset, declaration, type)
  const terms = outputs.map((output, index) => {
    const { dims, values } = weights[index]
    feeds[`w${index}`] = floatTensor(type, dims, values)
    const weight = graph.input(
      `w${index}`,
      type satisfies ElementType,
      declaredSizes(`w${index}`, dims, declaration)
    )
    return graph.node('ReduceSum', [graph.node('Mul', [output, weight])], { keepdims: { int: 0 } })
  })
  const loss = terms.reduce((sum, term) => graph.node('Add', [sum, term]))
  const withRespectTo = floatNames.filter((_, index) => !gradientCase.floats[index].isFixed)
  return { source: graph.model, loss, feeds, withRespectTo }
}

/** The gradient of a case as the transformed graph computes it. */
export async function gradientsOf(
  gradientCase: GradientCase,
  opset: number,
  settings: { declaration: Declaration; type: 'float64' | 'float32'; device: 'cpu' | 'webgpu' },
  weights: readonly { dims: readonly number[]; values: readonly number[] }[]
): Promise<Map<string, number[]>> {
  const { declaration, type, device } = settings
  const { source, loss, feeds, withRespectTo } = differentiatedCase(
    gradientCase,
    opset,
    declaration,
    type,
    weights
  )
  const { model, gradients } = differentiate(source, { loss, withRespectTo })
  if (gradientCase.elementwise !== undefined && type === 'float64') {
    for (const operator of ['Erf', 'Gelu']) runInFloat32(model, operator)
  }
  const session = await openSession(encodeModel(model), { device, threads: 1 })
  const answer = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]])))
  await session.release()
  return new Map(withRespectTo.map((name) => [name, numbersOf(answer[gradients[name]])]))
}
