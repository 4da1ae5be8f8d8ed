import { describe, expect, test } from 'vitest'
import { sparseCodes } from '#engine/baselines/sparse-codes.ts'
import { gatherRows } from '#engine/common/contract/matrix.ts'
import { cosine, dotProduct, type Rows, solve, toRows } from '#test/support/reference-method.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, sharedTable } from '#test/support/small-world.ts'

const anchors = { source: sharedTable(120, 14, 10), target: sharedTable(120, 20, 30) }
const prompt = promptNear(anchors.source, 3, 5)

const sumOf = (weights: number[], rows: Rows): number[] =>
  rows[0].map((_, j) => weights.reduce((sum, weight, a) => sum + weight * rows[a][j], 0))

/** The pursuit once more, with normal equations anew at every step. */
function pursue(source: Rows, vector: number[], atoms: number): { chosen: number[]; weights: number[] } {
  const chosen: number[] = []
  let weights: number[] = []
  let residual = vector
  for (let step = 0; step < atoms; step++) {
    const scores = source.map((anchor) => Math.abs(cosine(residual, anchor)))
    chosen.push(scores.indexOf(Math.max(...scores)))
    const rows = chosen.map((index) => source[index])
    weights = solve(
      rows.map((a) => rows.map((b) => dotProduct(a, b))),
      rows.map((a) => dotProduct(a, vector))
    )
    const near = sumOf(weights, rows)
    residual = vector.map((value, j) => value - near[j])
  }
  return { chosen, weights }
}

describe.each([1, 4, 8])('of %d anchors', (atoms) => {
  test('equals a pursuit by normal equations', async () => {
    const { vectors } = await sparseCodes(anchors, prompt, atoms)
    const [source, target] = [toRows(anchors.source), toRows(anchors.target)]
    const expected = toRows(prompt).flatMap((vector) => {
      const { chosen, weights } = pursue(source, vector, atoms)
      return sumOf(
        weights,
        chosen.map((index) => target[index])
      )
    })
    expect(largestDifference(vectors.data, expected)).toBeLessThan(1e-9)
  })
})

test('a word of the source becomes that word of the target, and nothing is left', async () => {
  const { vectors, notes } = await sparseCodes(anchors, gatherRows(anchors.source, [7, 60]), 5)
  expect(largestDifference(vectors.data, gatherRows(anchors.target, [7, 60]).data)).toBeLessThan(1e-9)
  expect(notes.join()).toContain('leave out 0.0 %')
})

test('more anchors than dimensions are not taken', async () => {
  const { vectors } = await sparseCodes(anchors, prompt, 100)
  expect(vectors.data.every(Number.isFinite)).toBe(true)
  expect(vectors).toEqual((await sparseCodes(anchors, prompt, 14)).vectors)
})

test('ends when it is cancelled', async () => {
  const signal = AbortSignal.abort()
  await expect(sparseCodes(anchors, prompt, 3, { signal })).rejects.toMatchObject({ code: 'cancelled' })
})
