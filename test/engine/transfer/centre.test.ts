/** Centring against the plain method in float64 on tables less their means, from the equations of transfer/centre.ts. */
import { describe, expect, test } from 'vitest'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { MaskSettings } from '#engine/common/contract/transfer.ts'
import { mix } from '#engine/common/mixing/mixing.ts'
import { solveMixingBasis } from '#engine/transfer/mixing-basis.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { ridgePath } from '#engine/transfer/ridge-path.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import type { TransferSource, TransferTarget } from '#engine/transfer/transfer-input.ts'
import { meansOf } from '#test/support/reference-baselines.ts'
import {
  dotProduct,
  encodeRows,
  matchingOf,
  optimumOf,
  type Rows,
  sumOfUnitCodes,
  topMask,
  toRows
} from '#test/support/reference-method.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { smallWorld } from '#test/support/small-world.ts'

/** Of values around 0.05 in float32. */
const tolerance = 2e-6

/** A direction that all words have in common, several times as long as what tells them apart. */
function shifted({ rows, columns, data }: Matrix): Matrix {
  return { rows, columns, data: data.map((value, i) => value + 0.3 * Math.cos(i % columns)) }
}

/** The small world with a common direction in every table, centred. */
function shiftedWorld(): { sources: TransferSource[]; target: TransferTarget; tables: Matrix[] } {
  const { sources, target } = smallWorld()
  const tables = [...sources.map(({ anchors }) => anchors), target.space.anchors].map(shifted)
  return {
    tables,
    sources: sources.map(({ prompt, weight, space }, j) => ({
      weight,
      prompt: shifted(prompt),
      space: prepareSource(tables[j], space.name, 'cpu', 'mean')
    })),
    target: { ...target, space: prepareTarget(tables[2], 'the target', 'cpu', 'mean') }
  }
}

const less = (rows: Rows, mean: number[]): Rows => rows.map((one) => one.map((value, j) => value - mean[j]))
const lengthOf = (one: number[]): number => Math.sqrt(dotProduct(one, one))

/** The prompt and the matching of every vector, by loops over tables less their means. */
function expectedOf(mask: MaskSettings, ridge: number, rescale: 'after' | 'none') {
  const { sources, tables } = shiftedWorld()
  const [first, second, anchors] = tables.map(toRows)
  const means = [first, second].map(meansOf)
  const codes = [first, second].map((rows, j) =>
    encodeRows(less(toRows(sources[j].prompt), means[j]), less(rows, means[j]))
  )
  const mean = meansOf(anchors)
  const centred = less(anchors, mean)
  const meanLength = centred.reduce((sum, one) => sum + lengthOf(one), 0) / centred.length
  const weights = sources.map(({ weight }) => weight)
  return [0, 1, 2].map((i) => {
    const kept = mask.kind === 'all' ? anchors.map(() => 1) : topMask(sumOfUnitCodes(codes, i), mask.k)
    const own = codes.map((code) => code[i])
    const found = optimumOf(own, weights, kept, centred, ridge)
    return {
      matching: matchingOf(own, weights, kept, centred, found),
      vector: found.map((value, j) => value * (rescale === 'after' ? meanLength : 1) + mean[j])
    }
  })
}

describe.each([{ kind: 'all' }, { kind: 'top-k', k: 60, from: 'sum' }] as const)('under $kind', (mask) => {
  test.each([
    [0, 'after'],
    [0.1, 'after'],
    [1, 'none']
  ] as const)('the exact search with ridge %d, rescaled %s', async (ridge, rescale) => {
    const { sources, target } = shiftedWorld()
    const search = { kind: 'exact', ridge } as const
    const { prompt, report } = await transfer({ sources, target, mask, search, rescale })
    const expected = expectedOf(mask, ridge, rescale)
    expect(
      largestDifference(
        prompt.data,
        expected.flatMap(({ vector }) => vector)
      )
    ).toBeLessThan(tolerance)
    for (const [i, { matching }] of expected.entries())
      expect(report.vectors[i].matching).toBeCloseTo(matching, 5)
    const basis = await solveMixingBasis({ sources, target, mask, ridge, rescale })
    const mixture = mix(
      basis,
      sources.map(({ weight }) => weight)
    )
    expect(largestDifference(mixture.prompt.data, prompt.data)).toBeLessThan(tolerance)
    const [point] = await ridgePath({ sources, target, mask, rescale }, [ridge])
    expect(largestDifference(point.prompt.data, prompt.data)).toBeLessThan(tolerance)
  })
})

test('Adam finds the direction of the exact search, its mean length that of the centred anchors', async () => {
  const { sources, target } = shiftedWorld()
  const mask = { kind: 'all' } as const
  const search = {
    kind: 'adam',
    steps: 3000,
    learningRate: 5e-3,
    seed: 1,
    selection: 'lowest-loss'
  } as const
  const { prompt } = await transfer({ sources, target, mask, search, rescale: 'after' })
  const { mean, meanLength } = target.space.centre ?? { mean: new Float64Array(), meanLength: 0 }
  const found = less(toRows(prompt), [...mean])
  const expected = less(
    expectedOf(mask, 0, 'after').map(({ vector }) => vector),
    [...mean]
  )
  for (const [i, one] of found.entries())
    expect(dotProduct(one, expected[i]) / (lengthOf(one) * lengthOf(expected[i]))).toBeGreaterThan(0.999)
  expect(found.reduce((sum, one) => sum + lengthOf(one), 0) / found.length).toBeCloseTo(meanLength, 5)
})

test('a common direction of all words changes nothing where it is centred, and what is found where it is not', async () => {
  const { sources, target } = shiftedWorld()
  const { sources: plain, target: plainTarget } = smallWorld()
  const settings = {
    mask: { kind: 'all' },
    search: { kind: 'exact', ridge: 0.01 },
    rescale: 'after'
  } as const
  const shiftedRows = toRows((await transfer({ sources, target, ...settings })).prompt)
  const unshifted = plain.map(({ anchors, space, ...source }) => ({
    ...source,
    space: prepareSource(anchors, space.name, 'cpu', 'mean')
  }))
  const space = prepareTarget(plainTarget.space.anchors, 'the target', 'cpu', 'mean')
  const own = toRows(
    (await transfer({ sources: unshifted, target: { ...plainTarget, space }, ...settings })).prompt
  )
  const moved = own.map((one) => one.map((value, j) => value + 0.3 * Math.cos(j)))
  expect(largestDifference(shiftedRows.flat(), moved.flat())).toBeLessThan(tolerance)
  const uncentred = sources.map((source, j) => ({
    ...source,
    space: prepareSource(shifted(plain[j].anchors), 's', 'cpu')
  }))
  const bare = prepareTarget(shifted(plainTarget.space.anchors), 'the target', 'cpu')
  const common = await transfer({ sources: uncentred, target: { ...target, space: bare }, ...settings })
  expect(largestDifference(common.prompt.data, moved.flat())).toBeGreaterThan(1e-2)
})

test('rescaling inside of the steps is refused with centring', async () => {
  const { sources, target } = shiftedWorld()
  const search = { kind: 'adam', steps: 2, learningRate: 5e-3, seed: 1, selection: 'last' } as const
  await expect(
    transfer({ sources, target, mask: { kind: 'all' }, search, rescale: 'inside' })
  ).rejects.toMatchObject({ code: 'bad-argument', detail: { where: 'rescale' } })
})
