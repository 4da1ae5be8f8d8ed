/** Retrieval against the plain method in float64: every held-out word sent by loops, and looked for among all words. */
import { beforeAll, describe, expect, test } from 'vitest'
import { runRetrieval } from '#engine/baselines/run-retrieval.ts'
import type { Anchor } from '#engine/common/contract/anchors.ts'
import { gatherRows } from '#engine/common/contract/matrix.ts'
import {
  heldOutCount,
  type RetrievalRequest,
  retrievalNotes,
  retrievalRequestSchema
} from '#engine/common/contract/retrieval.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { type ModelWithTable, openWithTable } from '#test/support/open-with-table.ts'
import { centred, meansOf, rotateByPadding } from '#test/support/reference-baselines.ts'
import {
  cosine,
  dotProduct,
  encodeRows,
  optimumOf,
  type Rows,
  rescaleRows,
  sumOfUnitCodes,
  topMask,
  toRows
} from '#test/support/reference-method.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { namedModel, sharedAnchors } from '#test/support/shared-anchors.ts'

const folder = (family: string) => ({ folder: referenceModelFolder(family) })
const context = { signal: new AbortController().signal, progress: () => {} }

let models: ModelWithTable[]
let anchors: readonly Anchor[]
/** Of BERT, RoBERTa and GPT-2, `[k][d]`. */
let tables: Rows[]

beforeAll(async () => {
  models = await Promise.all(['bert', 'roberta', 'gpt2'].map((family) => openWithTable(folder(family))))
  // As many as hold out some tens of words: the plain method takes its time for each.
  anchors = (await sharedAnchors(models)).slice(0, 250)
  tables = models.map((model) => toRows(gatherRows(model.table, requireAnchors(anchors, namedModel(model)))))
})

const requestOf = (changes: Partial<RetrievalRequest> = {}): RetrievalRequest =>
  retrievalRequestSchema.parse({
    sources: [
      { model: folder('bert'), weight: 1 },
      { model: folder('roberta'), weight: 2 }
    ],
    target: folder('gpt2'),
    anchors,
    mask: { kind: 'all' },
    rescale: 'after',
    method: { by: 'transfer', search: { kind: 'exact', ridge: 0.1 } },
    ...changes
  })

const run = (changes: Partial<RetrievalRequest> = {}) => runRetrieval(requestOf(changes), 'cpu', context)

function split(seed = 0): { held: number[]; rest: number[] } {
  const held = shuffled([...anchors.keys()], seededUniform(seed)).slice(0, heldOutCount(anchors.length))
  return { held, rest: [...anchors.keys()].filter((index) => !held.includes(index)) }
}

const less = (rows: Rows, mean: number[]): Rows => rows.map((one) => one.map((value, j) => value - mean[j]))
const pick = (rows: Rows, indices: number[]): Rows => indices.map((index) => rows[index])

/** hit@1, hit@10 and mean cosine of what was found for the words held out, `[n][e]`. */
function scoresOf(found: Rows) {
  const { held, rest } = split()
  const mean = meansOf(pick(tables[2], rest))
  const words = less(tables[2], mean)
  const sent = less(found, mean)
  const own = held.map((index, i) => cosine(sent[i], words[index]))
  const ranks = sent.map((one, i) => words.filter((word) => cosine(one, word) > own[i] + 1e-9).length)
  const share = (within: number): number => ranks.filter((rank) => rank < within).length / held.length
  return { hit1: share(1), hit10: share(10), cosine: own.reduce((a, b) => a + b, 0) / held.length }
}

function foundByMethod(centre: 'none' | 'mean', k: number | null): Rows {
  const { held, rest } = split()
  const sides = tables.map((rows) => {
    const left = pick(rows, rest)
    const mean = meansOf(left)
    const moved = (one: Rows): Rows => (centre === 'mean' ? less(one, mean) : one)
    return { mean, anchors: moved(left), held: moved(pick(rows, held)) }
  })
  const codes = sides.slice(0, 2).map((side) => encodeRows(side.held, side.anchors))
  const { mean, anchors: to } = sides[2]
  const { report } = models[2]
  return held.map((_, i) => {
    const mask = k === null ? to.map(() => 1) : topMask(sumOfUnitCodes(codes, i), k)
    const own = codes.map((code) => code[i])
    const found = optimumOf(own, [1, 2], mask, to, 0.1)
    if (centre === 'none') return rescaleRows([found], report.mean, report.standardDeviation)[0]
    const length = to.reduce((sum, one) => sum + Math.sqrt(dotProduct(one, one)), 0) / to.length
    return found.map((value, j) => value * length + mean[j])
  })
}

test('there are words enough here to hold some out', () => {
  expect(heldOutCount(anchors.length)).toBeGreaterThanOrEqual(10)
  expect([heldOutCount(49), heldOutCount(50), heldOutCount(999), heldOutCount(17_000)]).toEqual([
    0, 10, 199, 200
  ])
})

describe.each(['none', 'mean'] as const)('centre: %s', (centre) => {
  test.each([null, 30])('is that of the plain method, k %s', async (k) => {
    const mask = k === null ? ({ kind: 'all' } as const) : ({ kind: 'top-k', k, from: 'sum' } as const)
    const found = await run({ centre, mask })
    const expected = scoresOf(foundByMethod(centre, k))
    expect(found.heldOut).toBe(heldOutCount(anchors.length))
    expect(found.anchors).toBe(anchors.length - found.heldOut)
    expect(found.hit1).toBeCloseTo(expected.hit1, 9)
    expect(found.hit10).toBeCloseTo(expected.hit10, 9)
    // Codes of the sources are computed in float32.
    expect(found.cosine).toBeCloseTo(expected.cosine, 4)
    for (const name of ['hit1', 'hit10', 'cosine'] as const) {
      expect(found.intervals[name].low).toBeLessThanOrEqual(found[name])
      expect(found.intervals[name].high).toBeGreaterThanOrEqual(found[name])
    }
  })
})

test('of a common mask, every word has its own', async () => {
  const common = await run({ mask: { kind: 'common-top-k', k: 30 } })
  expect(common).toEqual(await run({ mask: { kind: 'top-k', k: 30, from: 'sum' } }))
})

test('by a baseline is that of its own computation', async () => {
  const method = { by: 'baseline', baseline: { kind: 'procrustes', centre: false } } as const
  const sources = [{ model: folder('bert'), weight: 1 }]
  const found = await run({ sources, method, centre: 'mean', rescale: 'none' })
  const { held, rest } = split()
  const [from, , to] = tables
  const sent = centred(rotateByPadding)(pick(from, rest), pick(to, rest), pick(from, held))
  const expected = scoresOf(sent)
  expect(found.hit1).toBeCloseTo(expected.hit1, 9)
  expect(found.cosine).toBeCloseTo(expected.cosine, 5)
})

test('a model’s own words come back to it', async () => {
  const sources = [{ model: folder('gpt2'), weight: 1 }]
  const search = { kind: 'exact', ridge: 0 } as const
  const own = await run({ sources, method: { by: 'transfer', search }, centre: 'mean' })
  expect(own.hit1).toBe(1)
  expect(own.cosine).toBeGreaterThan(0.99999)
  expect(retrievalNotes({ retrieval: own, centre: 'mean' })).toEqual([])
})

test('another seed holds other words out, the same one the same', async () => {
  const [first, again, other] = [await run(), await run(), await run({ seed: 1 })]
  expect(again).toEqual(first)
  expect(other.cosine).not.toBe(first.cosine)
})

test('a low one says what to try', () => {
  const interval = { low: 0, high: 0.1 }
  const intervals = { hit1: interval, hit10: interval, cosine: interval }
  const retrieval = { hit1: 0.04, hit10: 0.09, cosine: 0.049, intervals, heldOut: 200, anchors: 13_402 }
  expect(retrievalNotes({ retrieval, centre: 'none' })).toEqual([
    expect.stringMatching(/hit@1 4\.0 %, hit@10 9\.0 %, mean cosine 0\.049 of 200 .*Centre the anchors/)
  ])
  expect(retrievalNotes({ retrieval, centre: 'mean' }).join()).not.toContain('Centre the anchors')
  expect(retrievalNotes({ centre: 'none' })).toEqual([])
})

test('too few anchors are refused', async () => {
  await expect(run({ anchors: anchors.slice(0, 49) })).rejects.toMatchObject({
    code: 'bad-argument',
    detail: { where: 'anchors', found: '49' }
  })
})
