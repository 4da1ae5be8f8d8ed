import { describe, expect, test } from 'vitest'
import { leastSquares } from '#engine/baselines/least-squares.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { toMatrix } from '#engine/linear-algebra/dense.ts'
import { mapByNormalEquations } from '#test/support/reference-baselines.ts'
import { toRows } from '#test/support/reference-method.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, sharedTable } from '#test/support/small-world.ts'

const anchors = { source: sharedTable(120, 14, 10), target: sharedTable(120, 20, 30) }
const prompt = promptNear(anchors.source, 3, 5)

describe.each([0, 0.01, 0.5])('λ = %d', (lambda) => {
  test('equals the normal equations', async () => {
    const { vectors, notes } = await leastSquares(anchors, prompt, lambda)
    const expected = mapByNormalEquations(
      toRows(anchors.source),
      toRows(anchors.target),
      toRows(prompt),
      lambda
    )
    expect([vectors.rows, vectors.columns]).toEqual([3, 20])
    expect(largestDifference(vectors.data, expected.flat())).toBeLessThan(1e-9)
    expect(notes).toEqual([])
  })
})

test('a target that is a linear picture of the source is met exactly', async () => {
  const map = seededNormal(4, 14 * 20, 0, 1)
  const times = (vectors: Matrix) => {
    const rows = toRows(vectors).map((vector) =>
      Array.from({ length: 20 }, (_, j) => vector.reduce((sum, x, i) => sum + x * map[i * 20 + j], 0))
    )
    return { rows: rows.length, columns: 20, data: Float32Array.from(rows.flat()) }
  }
  const { vectors } = await leastSquares({ ...anchors, target: times(anchors.source) }, prompt, 0)
  expect(largestDifference(vectors.data, times(prompt).data)).toBeLessThan(1e-5)
})

test('whitening either table first, and undoing it after, changes nothing', async () => {
  // Any invertible map of the dimensions does, here a triangular one that is undone by substitution.
  const mixed = (matrix: Matrix): Matrix => {
    const rows = toRows(matrix).map((own) => own.map((x, j) => (j === 0 ? x : 2 * x + 0.7 * own[j - 1])))
    return { ...matrix, data: Float32Array.from(rows.flat()) }
  }
  const unmixed = (mixture: number[]): number[] => {
    const own: number[] = []
    for (const [j, y] of mixture.entries()) own.push(j === 0 ? y : (y - 0.7 * own[j - 1]) / 2)
    return own
  }
  const { vectors: plain } = await leastSquares(anchors, prompt, 0)
  const ofMixedSource = await leastSquares({ ...anchors, source: mixed(anchors.source) }, mixed(prompt), 0)
  expect(largestDifference(ofMixedSource.vectors.data, plain.data)).toBeLessThan(1e-6)
  const ofMixedTarget = await leastSquares({ ...anchors, target: mixed(anchors.target) }, prompt, 0)
  const undone = toRows(toMatrix(ofMixedTarget.vectors)).flatMap(unmixed)
  expect(largestDifference(undone, plain.data)).toBeLessThan(1e-6)
})

test('fewer anchors than dimensions: a ridge stands in, said, and the anchors are met', async () => {
  const few = { source: sharedTable(9, 14, 10), target: sharedTable(9, 20, 30) }
  const { vectors, notes } = await leastSquares(few, few.source, 0)
  expect(notes.join()).toMatch(/ridge of 1e-8 stands in for 0/)
  expect(largestDifference(vectors.data, few.target.data)).toBeLessThan(1e-5)
})
