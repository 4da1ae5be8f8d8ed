/** The alignment of kernels against the U-statistic that it is an estimate by, summed over all quadruples. */
import { describe, expect, it } from 'vitest'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { kernelAlignment } from '#engine/common/statistics/kernel-alignment.ts'

function randomRows(count: number, width: number, seed: number): number[][] {
  const values = seededNormal(seed, count * width, 0, 1)
  return Array.from({ length: count }, (_, row) => [...values.subarray(row * width, (row + 1) * width)])
}

function kernelOf(rows: readonly (readonly number[])[]) {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * b[at], 0)
  return { rows: rows.length, data: Float64Array.from(rows.flatMap((a) => rows.map((b) => dot(a, b)))) }
}

/** Song et al. 2012, equation 4: the mean of `K_ij (L_ij + L_qr − 2 L_iq)` over all different i, j, q, r. */
function bruteForce(first: ReturnType<typeof kernelOf>, second: ReturnType<typeof kernelOf>): number {
  const n = first.rows
  const [k, l] = [first, second].map(
    ({ data }) =>
      (i: number, j: number) =>
        data[i * n + j]
  )
  const all = Array.from({ length: n }, (_, index) => index)
  let [sum, count] = [0, 0]
  for (const i of all)
    for (const j of all)
      for (const q of all)
        for (const r of all) {
          if (new Set([i, j, q, r]).size < 4) continue
          sum += k(i, j) * (l(i, j) + l(q, r) - 2 * l(i, q))
          count++
        }
  return sum / count
}

describe('kernel alignment', () => {
  it('is that of the U-statistic', () => {
    const rows = randomRows(9, 5, 1)
    const first = kernelOf(rows)
    const second = kernelOf(randomRows(9, 3, 2).map((row, at) => [...row, 2 * rows[at][0]]))
    const expected =
      bruteForce(first, second) / Math.sqrt(bruteForce(first, first) * bruteForce(second, second))
    expect(kernelAlignment(first, second)).toBeCloseTo(expected, 10)
  })

  it('is 1 for what was moved, turned and scaled, and about 0 for what is unrelated, however wide', () => {
    const rows = randomRows(60, 2, 3)
    const turned = rows.map(([x, y]) => [3 * (0.6 * x - 0.8 * y) + 7, 3 * (0.8 * x + 0.6 * y) - 2])
    expect(kernelAlignment(kernelOf(rows), kernelOf(turned))).toBeCloseTo(1, 10)
    const unrelated = kernelAlignment(kernelOf(randomRows(60, 400, 4)), kernelOf(randomRows(60, 400, 5)))
    expect(Math.abs(unrelated)).toBeLessThan(0.1)
  })
})
