import { describe, expect, test } from 'vitest'
import { gatherRows, type Matrix, row } from '#engine/common/contract/matrix.ts'
import type { MaskSettings } from '#engine/common/contract/transfer.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import type { TransferInput } from '#engine/transfer/transfer-input.ts'
import { describeOnDevices } from '#test/support/devices.ts'
import {
  cosine,
  encodeRows,
  matchingOf,
  optimumOf,
  rescaleRows,
  sumOfUnitCodes,
  topMask,
  toRows
} from '#test/support/reference-method.ts'
import { promptNear, type SmallWorld, sharedTable, smallWorld, targetOf } from '#test/support/small-world.ts'

const exact = (ridge: number) => ({ kind: 'exact', ridge }) as const

function inputOf(world: SmallWorld, changes: Partial<TransferInput> = {}): TransferInput {
  return { ...world, mask: { kind: 'all' }, search: exact(0), rescale: 'after', ...changes }
}

/** Masks by the reference, for the settings that the tests use. */
function referenceMasks(settings: MaskSettings, codes: number[][][]): number[][] {
  const vectors = codes[0].map((_, i) => i)
  const scores = vectors.map((i) => sumOfUnitCodes(codes, i))
  switch (settings.kind) {
    case 'all':
      return vectors.map(() => scores[0].map(() => 1))
    case 'top-k':
      return vectors.map((i) =>
        topMask(settings.from === 'last' ? codes[codes.length - 1][i] : scores[i], settings.k)
      )
    case 'common-top-k': {
      const total = scores[0].map((_, j) => scores.reduce((sum, score) => sum + score[j], 0))
      return vectors.map(() => topMask(total, settings.k))
    }
  }
}

await describeOnDevices('a transfer equals the plain float64 method', (device) => {
  const masks: MaskSettings[] = [
    { kind: 'all' },
    { kind: 'top-k', k: 60, from: 'sum' },
    { kind: 'top-k', k: 60, from: 'last' },
    { kind: 'common-top-k', k: 60 }
  ]
  test.each(masks.flatMap((mask) => [0, 0.1].map((ridge) => ({ mask, ridge }))))(
    'mask $mask, ridge $ridge',
    async ({ mask, ridge }) => {
      const world = smallWorld({ device })
      const { prompt, report } = await transfer(inputOf(world, { mask, search: exact(ridge) }))
      const codes = world.sources.map(({ prompt: own, anchors }) => encodeRows(toRows(own), toRows(anchors)))
      const weights = world.sources.map(({ weight }) => weight)
      const anchors = toRows(world.target.space.anchors)
      const kept = referenceMasks(mask, codes)
      const vectors = [...kept.keys()]
      const codesOf = (i: number) => codes.map((code) => code[i])
      const found = vectors.map((i) => optimumOf(codesOf(i), weights, kept[i], anchors, ridge))
      const { mean, standardDeviation } = world.target.table.statistics
      const expected = rescaleRows(found, mean, standardDeviation)
      for (const i of vectors) {
        const matching = matchingOf(codesOf(i), weights, kept[i], anchors, found[i])
        const best = optimumOf(codesOf(i), weights, kept[i], anchors, 0)
        expect(report.vectors[i].matching).toBeCloseTo(matching, 6)
        expect(report.vectors[i].upperBound * 3).toBeCloseTo(
          matchingOf(codesOf(i), weights, kept[i], anchors, best),
          6
        )
        expect(cosine([...row(prompt, i)], expected[i])).toBeGreaterThan(0.999999)
        const largest = Math.max(...expected[i].map((value, j) => Math.abs(value - row(prompt, i)[j])))
        expect(largest).toBeLessThan(1e-5)
      }
    }
  )
})

describe('the report', () => {
  test('adds up: shares per source, words with their cosines, lengths and percentiles', async () => {
    const world = smallWorld()
    const { prompt, report } = await transfer(inputOf(world, { mask: { kind: 'top-k', k: 50, from: 'sum' } }))
    expect(report).toMatchObject({ anchorsUsed: 120, anchorsKept: 50, ridge: 0, notes: [] })
    const table = toRows(world.target.table.table)
    for (const [i, vector] of report.vectors.entries()) {
      expect(vector.matching).toBeCloseTo(vector.perSource[0] + 2 * vector.perSource[1], 12)
      const own = [...row(prompt, i)]
      const cosines = table.map((word, id) => ({ id, cosine: cosine(own, word) }))
      const order = cosines.sort((a, b) => b.cosine - a.cosine).slice(0, 10)
      expect(vector.nearestWords.map(({ id }) => id)).toEqual(order.map(({ id }) => id))
      expect(vector.nearestWords[0].cosine).toBeCloseTo(order[0].cosine, 5)
      expect(vector.nearestWords[0].token).toBe(`word${order[0].id}`)
      expect(vector.norm).toBeCloseTo(Math.hypot(...own), 6)
      const shorter = table.filter((word) => Math.hypot(...word) <= vector.norm).length / table.length
      expect(vector.normPercentile).toBeCloseTo(shorter, 2)
    }
  })

  test('of Adam says what the optimum would be', async () => {
    const world = smallWorld()
    const search = {
      kind: 'adam',
      steps: 40,
      learningRate: 5e-3,
      seed: 3,
      selection: 'last',
      snapshotEvery: 20
    } as const
    const found = await transfer(inputOf(world, { search }))
    const best = await transfer(inputOf(world))
    expect(found.report.ridge).toBeNull()
    expect(found.lossCurve).toMatchObject({ chosenStep: 40 })
    // The last snapshot is the result itself, rescaled alike.
    expect(found.lossCurve?.snapshots.map(({ step }) => step)).toEqual([20, 40])
    expect(found.lossCurve?.snapshots[1].prompt).toEqual(found.prompt)
    for (const [i, { upperBound, matching }] of found.report.vectors.entries()) {
      expect(upperBound).toBeCloseTo(best.report.vectors[i].matching / 3, 9)
      expect(matching).toBeLessThan(best.report.vectors[i].matching)
    }
  })
})

describe('rank', () => {
  test('fewer anchors than dimensions: a ridge floor, said, and the anchors are matched completely', async () => {
    const world = smallWorld({ anchors: 16, widths: [24], target: 30 })
    const { report } = await transfer(inputOf(world))
    expect(report.ridge).toBe(1e-8)
    expect(report.condition).toBeNull()
    expect(report.notes.join(' ')).toMatch(/rank deficient: 16 kept for a space of 30.*ridge of 1e-8/)
    for (const { matching } of report.vectors) expect(matching).toBeCloseTo(1, 6)
  })

  test('fewer anchors kept per vector than dimensions', async () => {
    const world = smallWorld({ widths: [14], target: 40 })
    const { report } = await transfer(inputOf(world, { mask: { kind: 'top-k', k: 30, from: 'sum' } }))
    expect(report.ridge).toBe(1e-8)
    for (const { matching } of report.vectors) expect(matching).toBeCloseTo(1, 6)
  })

  test('repeated anchors that do not span the space', async () => {
    const repeat = Int32Array.from({ length: 60 }, (_, i) => i % 12)
    const anchors = gatherRows(sharedTable(12, 14, 10), repeat)
    const source = { space: prepareSource(anchors, 's', 'cpu'), prompt: promptNear(anchors, 2, 5), weight: 1 }
    const target = targetOf(gatherRows(sharedTable(12, 20, 30), repeat))
    const { report } = await transfer(inputOf({ sources: [{ ...source, anchors }], target }))
    expect(report.ridge).toBe(1e-8)
    expect(report.notes.join(' ')).toMatch(/60 kept do not span the 20 dimensions/)
    for (const { matching } of report.vectors) expect(matching).toBeCloseTo(1, 6)
  })

  test('anchors repeated among others count as often as they are there', async () => {
    const repeat = Int32Array.from({ length: 160 }, (_, i) => i % 120)
    const anchors = gatherRows(sharedTable(120, 14, 10), repeat)
    const source = { space: prepareSource(anchors, 's', 'cpu'), prompt: promptNear(anchors, 2, 5), weight: 1 }
    const target = targetOf(gatherRows(sharedTable(120, 20, 30), repeat))
    const { report } = await transfer(inputOf({ sources: [{ ...source, anchors }], target }))
    const codes = encodeRows(toRows(source.prompt), toRows(anchors))
    const rows = toRows(target.space.anchors)
    const mask = rows.map(() => 1)
    for (const [i, { matching }] of report.vectors.entries()) {
      const best = optimumOf([codes[i]], [1], mask, rows, 0)
      expect(matching).toBeCloseTo(matchingOf([codes[i]], [1], mask, rows, best), 6)
    }
  })
})

test('a source carried to itself comes back in its direction', async () => {
  const anchors = sharedTable(120, 14, 10)
  const prompt = promptNear(anchors, 3, 5)
  const sources = [{ anchors, space: prepareSource(anchors, 's', 'cpu'), prompt, weight: 1 }]
  const { prompt: found } = await transfer(
    inputOf({ sources, target: targetOf(anchors) }, { rescale: 'none' })
  )
  for (let i = 0; i < 3; i++)
    expect(cosine([...row(found, i)], [...row(prompt, i)])).toBeGreaterThan(0.999999)
})

test('one source twice is one source of twice the weight', async () => {
  const { sources, target } = smallWorld({ widths: [14] })
  const once = await transfer(inputOf({ sources: [{ ...sources[0], weight: 2 }], target }))
  const twice = await transfer(inputOf({ sources: [sources[0], sources[0]], target }))
  expect([...twice.prompt.data]).toEqual([...once.prompt.data])
})

describe('refusals', () => {
  const world = smallWorld()
  const [first, second] = world.sources
  const withValue = (matrix: Matrix, at: number, value: number): Matrix => ({
    ...matrix,
    data: matrix.data.map((old, index) => (index === at ? value : old))
  })
  const withPrompt = (prompt: Matrix): TransferInput =>
    inputOf({ ...world, sources: [first, { ...second, prompt }] })

  test.each([
    [
      'NaN in a prompt',
      withPrompt(withValue(second.prompt, 20, Number.NaN)),
      'bad-value',
      /source 1, row 1, column 2/
    ],
    [
      'a zero prompt vector',
      withPrompt({ rows: 3, columns: 18, data: new Float32Array(54) }),
      'bad-value',
      /source 1, row 0/
    ],
    ['another width', withPrompt(first.prompt), 'mismatch', /source 1/],
    ['no source', inputOf({ ...world, sources: [] }), 'bad-argument', /sources/],
    [
      'a weight of zero',
      inputOf({ ...world, sources: [{ ...first, weight: 0 }] }),
      'bad-argument',
      /source 0/
    ],
    [
      'a mask of too many',
      inputOf(world, { mask: { kind: 'common-top-k', k: 121 } }),
      'bad-argument',
      /mask, k/
    ],
    ['rescaling inside of nothing', inputOf(world, { rescale: 'inside' }), 'bad-argument', /rescale/]
  ] as const)('%s', async (_, input, code, where) => {
    await expect(transfer(input)).rejects.toMatchObject({
      code,
      detail: { where: expect.stringMatching(where) }
    })
  })

  test('prompts of different lengths, with the lengths', async () => {
    const longer = promptNear(second.anchors, 4, 5)
    await expect(transfer(withPrompt(longer))).rejects.toMatchObject({
      code: 'mismatch',
      detail: { found: 'source 0: 3 vectors; source 1: 4 vectors' }
    })
  })

  test.each([
    [Number.NaN, /row 1, column 6/],
    [Number.POSITIVE_INFINITY, /row 1, column 6/]
  ])('anchors with %s', (value, where) => {
    expect(() => prepareSource(withValue(first.anchors, 20, value), 'bad', 'cpu')).toThrow(
      expect.objectContaining({
        code: 'bad-value',
        detail: expect.objectContaining({ where: expect.stringMatching(where) })
      })
    )
  })

  test('a zero anchor', () => {
    const zero = {
      ...first.anchors,
      data: first.anchors.data.map((value, at) => (at < 28 && at >= 14 ? 0 : value))
    }
    expect(() => targetOf(zero)).toThrow(expect.objectContaining({ code: 'bad-value' }))
  })

  test('work that was cancelled', async () => {
    await expect(transfer(inputOf(world), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled'
    })
  })
})
