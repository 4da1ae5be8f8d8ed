/** The loss head against cross entropy computed in float64. */
import { expect, test } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import { appendLossHead, candidatesInput, labelsInput } from '#engine/onnx/gradients/loss-head.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'

const vocabulary = 5

async function lossOf(logits: number[], labels: number[], candidates?: number[]) {
  const graph = graphBuilder({ opset: 13 })
  graph.input('logits', 'float32', ['rows', vocabulary])
  const { loss, rowLosses } = appendLossHead(graph, {
    logits: 'logits',
    amongCandidates: candidates !== undefined
  })
  graph.output(loss, 'float32', [])
  graph.output(rowLosses, 'float32', ['rows', 1])
  const session = await openSession(graph.build(), { device: 'cpu' })
  const whole = (ids: number[]) => BigInt64Array.from(ids, BigInt)
  const answer = await session.run({
    logits: { type: 'float32', dims: [labels.length, vocabulary], data: Float32Array.from(logits) },
    [labelsInput]: { type: 'int64', dims: [labels.length], data: whole(labels) },
    ...(candidates && {
      [candidatesInput]: { type: 'int64' as const, dims: [candidates.length], data: whole(candidates) }
    })
  })
  await session.release()
  return { loss: Number(answer[loss].data[0]), rows: Array.from(answer[rowLosses].data, Number) }
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
  const { loss, rows } = await lossOf(logits.flat(), [3, 2])
  for (const [index, row] of rows.entries()) expect(row).toBeCloseTo(expected[index], 5)
  expect(loss).toBeCloseTo((expected[0] + expected[1]) / 2, 5)
})

test('is that over the candidates alone where they are given', async () => {
  const { loss } = await lossOf(logits.flat(), [3, 2], [3, 2, 1])
  const expected = [crossEntropy(logits[0], 3, [1, 2, 3]), crossEntropy(logits[1], 2, [1, 2, 3])]
  expect(loss).toBeCloseTo((expected[0] + expected[1]) / 2, 5)
})
