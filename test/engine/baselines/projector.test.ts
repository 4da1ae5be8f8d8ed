import { describe, expect, test } from 'vitest'
import { type ProjectorSettings, projectVectors, trainProjector } from '#engine/baselines/projector.ts'
import { baselineMethodSchema } from '#engine/common/contract/baselines.ts'
import { toRows } from '#test/support/reference-method.ts'
import { trainPlainly } from '#test/support/reference-projector.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, sharedTable } from '#test/support/small-world.ts'

const anchors = { source: sharedTable(42, 5, 10), target: sharedTable(42, 4, 30) }
const prompt = promptNear(anchors.source, 3, 5)
const settings = (changes: Partial<ProjectorSettings> = {}): ProjectorSettings => ({
  kind: 'projector',
  hidden: 7,
  epochs: 4,
  batchSize: 16,
  learningRate: 5e-3,
  seed: 3,
  selection: 'lowest-loss',
  ...changes
})
const train = async (changes: Partial<ProjectorSettings> = {}, signal?: AbortSignal) =>
  projectVectors(await trainProjector(anchors, settings(changes), 'cpu', { signal }), prompt, 'cpu')

test('training equals a plain one in float64, epoch by epoch', async () => {
  const { vectors, lossCurve } = await train({ selection: 'last' })
  const expected = trainPlainly(toRows(anchors.source), toRows(anchors.target), toRows(prompt), settings())
  expect(lossCurve?.loss).toHaveLength(4)
  for (const [epoch, loss] of expected.loss.entries())
    expect(Math.abs((lossCurve?.loss[epoch] ?? 0) / loss - 1)).toBeLessThan(1e-4)
  expect(largestDifference(vectors.data, expected.vectors.flat())).toBeLessThan(1e-5)
})

describe('the epoch chosen', () => {
  test('is the one with the lowest loss, or the last', async () => {
    // A rate so high that the loss goes up and down.
    const wild = { learningRate: 0.2, epochs: 8, snapshotEvery: 1 }
    const lowest = await train(wild)
    const last = await train({ ...wild, selection: 'last' })
    const loss = [...(lowest.lossCurve?.loss ?? [])]
    const best = loss.indexOf(Math.min(...loss)) + 1
    expect(best).toBeLessThan(8)
    expect(lowest.lossCurve?.chosenStep).toBe(best)
    expect(lowest.vectors).toEqual(lowest.lossCurve?.snapshots[best - 1].vectors)
    expect(last.lossCurve?.chosenStep).toBe(8)
    expect(last.vectors).toEqual(lowest.lossCurve?.snapshots[7].vectors)
  })

  test('others are handed out as often as asked for', async () => {
    const { lossCurve } = await train({ epochs: 5, snapshotEvery: 2 })
    expect(lossCurve?.snapshots.map(({ step }) => step)).toEqual([2, 4])
    expect((await train()).lossCurve?.snapshots).toEqual([])
  })
})

test('one seed gives one result, another seed another', async () => {
  const [first, again, other] = [await train(), await train(), await train({ seed: 4 })]
  expect(again).toEqual(first)
  expect(other.vectors).not.toEqual(first.vectors)
})

test("the contract's defaults are those of appendix A.2", () => {
  expect(baselineMethodSchema.parse({ kind: 'projector', seed: 1 })).toMatchObject({
    hidden: 768,
    epochs: 10,
    batchSize: 16,
    learningRate: 5e-3
  })
})

test('a training that diverges is refused, with the epoch', async () => {
  await expect(train({ learningRate: 1e25 })).rejects.toMatchObject({
    code: 'bad-value',
    detail: { where: 'epoch 1' }
  })
})

test('ends when it is cancelled', async () => {
  await expect(train({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
})
