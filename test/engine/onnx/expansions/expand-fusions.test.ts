/**
 * Every fused operator against onnxruntime's own kernel: the values of its expansion to 1e-5 of the largest (plus
 * one), with sizes stated and only named; and the gradient of the expansion against central differences of the
 * kernel, h = 1e-2 in float32, to 2e-3 of the largest (plus one).
 */
import { describe, expect, test } from 'vitest'
import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { openSession, type Session } from '#engine/devices/session.ts'
import { copyModel } from '#engine/onnx/copy-model.ts'
import { expandFusions } from '#engine/onnx/expansions/expand-fusions.ts'
import { batchExpansions, expansions } from '#engine/onnx/expansions/table.ts'
import { differentiate } from '#engine/onnx/gradients/differentiate.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { float32, float32Data, runOnce } from '#test/support/reference-runs.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { type FusedCase, fusedCases } from './fused-cases.ts'

/** Inputs that are numbers of sizes or tables of weights keep their sizes, as in exports. */
function pose({ operator, inputs, attributes, outputs = [0] }: FusedCase, opset: number, areNamed: boolean) {
  const graph = graphBuilder({ opset, domains: { 'com.microsoft': 1 } })
  const feeds: Record<string, Tensor> = {}
  const names = inputs.map((tensor, index) => {
    if (tensor === undefined) return ''
    feeds[`x${index}`] = tensor
    const isActivation = tensor.dims.length > 2 || tensor.type !== 'float32'
    const sizes = tensor.dims.map((size, axis) => {
      if (!areNamed || !isActivation || axis > 1 || (axis === 1 && tensor.dims.length === 4)) return size
      return axis === 0 && size === 2 ? 'batch' : axis === 0 ? size : `length_${size}`
    })
    return graph.input(`x${index}`, tensor.type, sizes)
  })
  // onnxruntime's shape inference wants both outputs of this one.
  const count = Math.max(...outputs, operator.endsWith('EmbedLayerNormalization') ? 1 : 0) + 1
  const results = graph.nodes(operator, names, attributes ?? {}, count)
  const wanted = outputs.map((index) => results[index])
  const [node] = graph.model.graph.node
  node.output = results.map((name, index) => (outputs.includes(index) || index < 2 ? name : ''))
  return { graph, feeds, wanted }
}

/** Declares outputs, of whatever shape; int32 for a count of tokens. */
function declareOutputs(model: ModelProto, names: readonly string[], operator: string): void {
  for (const [index, name] of names.entries()) {
    const elemType = operator.endsWith('EmbedLayerNormalization') && index === 1 ? 6 : 1
    model.graph.output.push({ name, type: { tensorType: { elemType } } })
  }
}

function numbers(tensor: Tensor): number[] {
  return Array.from(tensor.data, Number)
}

/** Central differences of Σ weight · output along each element of an input. */
async function differences(
  session: Session,
  feeds: Record<string, Tensor>,
  name: string,
  weights: ReadonlyMap<string, Float32Array>
): Promise<number[]> {
  const lossAt = async (values: Float32Array): Promise<number> => {
    const answer = await session.run({ ...feeds, [name]: float32(feeds[name].dims, values) })
    let sum = 0
    for (const [output, weight] of weights)
      sum += float32Data(answer, output).reduce((inner, y, at) => inner + y * weight[at], 0)
    return sum
  }
  const values = Float32Array.from(numbers(feeds[name]))
  const h = 1e-2
  const list: number[] = []
  for (const [at, value] of values.entries()) {
    const above = await lossAt(values.with(at, value + h))
    const below = await lossAt(values.with(at, value - h))
    list.push((above - below) / (2 * h))
  }
  return list
}

function tolerance(expected: readonly number[], share: number): number {
  return share * (1 + Math.max(...expected.map(Math.abs)))
}

test('every expansion has a case', () => {
  const covered = new Set(fusedCases.map(({ operator }) => operator.replace(':', '.')))
  expect([...covered].sort()).toEqual(Object.keys(expansions).sort())
})

describe('rotations by the angles of one row', () => {
  const rotation = (withPositions: boolean) => {
    const graph = graphBuilder({ opset: 23 })
    const x = graph.input('x', 'float32', ['batch', 2, 3, 4])
    const angles = ['cosines', 'sines'].map((name) =>
      graph.input(name, 'float32', withPositions ? [3, 2] : [1, 3, 2])
    )
    const positions = withPositions ? [graph.input('positions', 'int64', ['batch', 3])] : []
    graph.namedNode('y', 'RotaryEmbedding', [x, ...angles, ...positions])
    graph.output('y', 'float32', ['batch', 2, 3, 4])
    return graph.model
  }

  test('turn every row of a batch, which the kernel refuses', async () => {
    const uniform = seededUniform(9)
    const values = (count: number) => Array.from({ length: count }, () => 2 * uniform() - 1)
    const x = values(48)
    const angles = { cosines: float32([1, 3, 2], values(6)), sines: float32([1, 3, 2], values(6)) }
    const model = rotation(false)
    const both = { x: float32([2, 2, 3, 4], x), ...angles }
    await expect(runOnce(encodeModel(model), both)).rejects.toMatchObject({ code: 'device-failed' })
    const expected: number[] = []
    for (const row of [0, 1]) {
      const one = { x: float32([1, 2, 3, 4], x.slice(24 * row, 24 * row + 24)), ...angles }
      expected.push(...float32Data(await runOnce(encodeModel(model), one), 'y'))
    }
    expandFusions(model, batchExpansions)
    const answer = await runOnce(encodeModel(model), both)
    expect(largestDifference(float32Data(answer, 'y'), expected)).toBeLessThan(1e-6)
  })

  test('are left to the kernel where positions are given', () => {
    const model = rotation(true)
    expandFusions(model, batchExpansions)
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(['RotaryEmbedding'])
  })
})

test('grouped attention of a padded row gives its tokens the values of the kernel', async () => {
  const graph = graphBuilder({ opset: 20, domains: { 'com.microsoft': 1 } })
  const uniform = seededUniform(2)
  const widths = { query: 32, key: 16, value: 16 }
  const feeds: Record<string, Tensor> = {
    lengths: { type: 'int32', dims: [2], data: Int32Array.of(1, 3) },
    longest: { type: 'int32', dims: [1], data: Int32Array.of(4) }
  }
  const projections = Object.entries(widths).map(([name, width]) => {
    feeds[name] = float32([2, 4, width], Array.from({ length: 8 * width }, uniform))
    return graph.input(name, 'float32', ['batch', 'length', width])
  })
  const counts = [graph.input('lengths', 'int32', ['batch']), graph.input('longest', 'int32', [1])]
  const heads = { num_heads: { int: 4 }, kv_num_heads: { int: 2 } }
  const [y] = graph.nodes('com.microsoft:GroupQueryAttention', [...projections, '', '', ...counts], heads, 3)
  graph.output(y, 'float32', ['batch', 'length', 32])
  const own = float32Data(await runOnce(graph.build(), feeds), y)
  expandFusions(graph.model)
  const plain = float32Data(await runOnce(graph.build(), feeds), y)
  // The first row has two tokens; what the kernel writes after them is no attention.
  const tokens = (values: Float32Array) => [...values.subarray(0, 64), ...values.subarray(128)]
  expect(largestDifference(tokens(plain), tokens(own))).toBeLessThan(1e-5)
})

const posed = fusedCases.flatMap((fused) => fused.opsets.map((opset) => ({ fused, opset })))

describe.each(posed)('$fused.operator $fused.title, operator set $opset', ({ fused, opset }) => {
  test.each([false, true])('has the values of the kernel (sizes named: %s)', async (areNamed) => {
    const { graph, feeds, wanted } = pose(fused, opset, areNamed)
    declareOutputs(graph.model, wanted, fused.operator)
    const expanded = copyModel(graph.model)
    expect([...expandFusions(expanded).values()]).toEqual([])
    expect(expanded.graph.node.map(({ domain }) => domain)).not.toContain('com.microsoft')
    const own = await runOnce(encodeModel(graph.model), feeds)
    const plain = await runOnce(encodeModel(expanded), feeds)
    for (const name of wanted) {
      const expected = numbers(own[name])
      expect(plain[name].dims).toEqual(own[name].dims)
      expect(largestDifference(numbers(plain[name]), expected)).toBeLessThan(tolerance(expected, 1e-5))
    }
  })

  test('has the gradient of the kernel', async () => {
    const { graph, feeds, wanted } = pose(fused, opset, true)
    declareOutputs(graph.model, wanted, fused.operator)
    const session = await openSession(encodeModel(graph.model), { device: 'cpu', threads: 1 })
    const answer = await session.run(feeds)
    const uniform = seededUniform(3)
    const weights = new Map(
      wanted
        .filter((name) => answer[name].type === 'float32')
        .map((name) => [name, float32Data(answer, name).map(() => 2 * uniform() - 1)])
    )
    const terms = [...weights].map(([output, weight]) => {
      feeds[`w_${output}`] = float32(answer[output].dims, weight)
      const input = graph.input(`w_${output}`, 'float32', answer[output].dims)
      return graph.node('ReduceSum', [graph.node('Mul', [output, input])], { keepdims: { int: 0 } })
    })
    const loss = terms.reduce((sum, term) => graph.node('Add', [sum, term]))
    const withRespectTo = Object.keys(feeds).filter(
      (name) => name.startsWith('x') && feeds[name].type === 'float32'
    )
    const { model, gradients } = differentiate(graph.model, { loss, withRespectTo })
    const found = await runOnce(encodeModel(model), feeds)
    const kernelFeeds = Object.fromEntries(Object.entries(feeds).filter(([name]) => name.startsWith('x')))
    for (const name of withRespectTo) {
      const expected = await differences(session, kernelFeeds, name, weights)
      const gradient = float32Data(found, gradients[name])
      expect(largestDifference(gradient, expected), name).toBeLessThan(tolerance(expected, 2e-3))
    }
    await session.release()
  })
})
