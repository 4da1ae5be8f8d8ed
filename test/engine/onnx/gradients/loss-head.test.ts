/** The loss head against cross entropy computed in float64. */
import { expect, test } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import {
  appendLossHead,
  candidatesInput,
  distributionsInput,
  labelsInput
} from '#engine/onnx/gradients/loss-head.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'

const vocabulary = 5

async function lossOf(logits: number[], labels: number[], candidates?: number[]) {
  const graph = graphBuilder({ opset: 13 })
  graph.input('logits', 'float32', ['rows', vocabulary])
  const loss = appendLossHead(graph, 'logits', { amongCandidates: candidates !== undefined })
  graph.output(loss, 'float32', [])
  return await run(graph, loss, {
    ...logitsFeed(logits),
    [labelsInput]: ids(labels),
    ...(candidates && { [candidatesInput]: ids(candidates) })
  })
}

async function lossOfDistributions(
  logits: number[],
  probabilities: number[],
  candidates: number[],
  amongCandidates: boolean
) {
  const graph = graphBuilder({ opset: 13 })
  graph.input('logits', 'float32', ['rows', vocabulary])
  const loss = appendLossHead(graph, 'logits', { amongCandidates, distributions: true })
  graph.output(loss, 'float32', [])
  const dims = [probabilities.length / candidates.length, candidates.length]
  return await run(graph, loss, {
    ...logitsFeed(logits),
    [candidatesInput]: ids(candidates),
    [distributionsInput]: { type: 'float32', dims, data: Float32Array.from(probabilities) }
  })
}

function logitsFeed(logits: number[]): Record<string, Tensor> {
  const dims = [logits.length / vocabulary, vocabulary]
  return { logits: { type: 'float32', dims, data: Float32Array.from(logits) } }
}

function ids(values: number[]): Tensor {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) }
}

async function run(graph: GraphBuilder, loss: string, feeds: Record<string, Tensor>): Promise<number> {
  const session = await openSession(graph.build(), { device: 'cpu' })
  const answer = await session.run(feeds)
  await session.release()
  return Number(answer[loss].data[0])
}

function crossEntropy(logits: number[], label: number, candidates: number[]): number {
  const highest = Math.max(...candidates.map((id) => logits[id]))
  const sum = candidates.reduce((total, id) => total + Math.exp(logits[id] - highest), 0)
  return highest + Math.log(sum) - logits[label]
}

const logits = [
  [0.5, -1, 2, 0, 3],
  [1e4, -1e4, 9999, 0, 1]
]

test('is the mean cross entropy over the vocabulary, also of large logits', async () => {
  const expected = [crossEntropy(logits[0], 3, [0, 1, 2, 3, 4]), crossEntropy(logits[1], 2, [0, 1, 2, 3, 4])]
  expect(await lossOf(logits[0], [3])).toBeCloseTo(expected[0], 5)
  expect(await lossOf(logits[1], [2])).toBeCloseTo(expected[1], 5)
  expect(await lossOf(logits.flat(), [3, 2])).toBeCloseTo((expected[0] + expected[1]) / 2, 5)
})

test('is that over the candidates alone where they are given', async () => {
  const loss = await lossOf(logits.flat(), [3, 2], [3, 2, 1])
  const expected = [crossEntropy(logits[0], 3, [1, 2, 3]), crossEntropy(logits[1], 2, [1, 2, 3])]
  expect(loss).toBeCloseTo((expected[0] + expected[1]) / 2, 5)
})

test('of distributions is the cross entropy with them, over the vocabulary or among the candidates', async () => {
  const candidates = [3, 2, 1]
  const weighted = (among: number[]) =>
    0.25 * crossEntropy(logits[0], 3, among) +
    0.75 * crossEntropy(logits[0], 1, among) +
    crossEntropy(logits[1], 2, among)
  const probabilities = [0.25, 0, 0.75, 0, 1, 0]
  const wide = await lossOfDistributions(logits.flat(), probabilities, candidates, false)
  expect(wide).toBeCloseTo(weighted([0, 1, 2, 3, 4]) / 2, 5)
  const narrow = await lossOfDistributions(logits.flat(), probabilities, candidates, true)
  expect(narrow).toBeCloseTo(weighted(candidates) / 2, 5)
})
