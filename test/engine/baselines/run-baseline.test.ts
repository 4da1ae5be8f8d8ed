import { beforeAll, describe, expect, test } from 'vitest'
import { leastSquares } from '#engine/baselines/least-squares.ts'
import { runBaseline } from '#engine/baselines/run-baseline.ts'
import type { Anchor } from '#engine/common/contract/anchors.ts'
import { type BaselineMethod, baselineRequestSchema } from '#engine/common/contract/baselines.ts'
import { gatherRows, type Matrix } from '#engine/common/contract/matrix.ts'
import { statisticsOf } from '#engine/common/mixing/rescale.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import { type ModelWithTable, openWithTable } from '#test/support/open-with-table.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { namedModel, sharedAnchors } from '#test/support/shared-anchors.ts'

const context = { signal: new AbortController().signal, progress: () => {} }

let source: ModelWithTable
let target: ModelWithTable
let anchors: readonly Anchor[]
/** Of three vectors and of one. */
let prompts: Matrix[]

beforeAll(async () => {
  source = await openWithTable({ folder: referenceModelFolder('bert') })
  target = await openWithTable({ folder: referenceModelFolder('gpt2') })
  prompts = [gatherRows(source.table, [20, 33, 21]), gatherRows(source.table, [40])]
  anchors = await sharedAnchors([source, target])
})

type Changes = { prompts?: Matrix[]; anchors?: Anchor[]; rescale?: 'after' | 'none' }

const run = (method: BaselineMethod, changes: Changes = {}) =>
  runBaseline(
    baselineRequestSchema.parse({
      method,
      sources: [
        { model: { folder: referenceModelFolder('bert') }, prompts: changes.prompts ?? prompts, weight: 1 }
      ],
      target: { folder: referenceModelFolder('gpt2') },
      anchors: changes.anchors ?? [...anchors],
      rescale: changes.rescale ?? 'after'
    }),
    'cpu',
    context
  )

const methods: BaselineMethod[] = [
  { kind: 'random', seed: 5 },
  { kind: 'discretization' },
  {
    kind: 'projector',
    hidden: 8,
    epochs: 3,
    batchSize: 16,
    learningRate: 5e-3,
    seed: 1,
    selection: 'last',
    snapshotEvery: 1
  },
  { kind: 'least-squares' },
  { kind: 'ridge', lambda: 0.1 },
  { kind: 'procrustes', centre: true },
  { kind: 'whitened-procrustes', centre: false },
  { kind: 'inverse-relative' },
  { kind: 'sparse-codes', atoms: 3 }
]

describe.each(methods)('$kind', (method) => {
  test('transfers every prompt as it would alone, to the statistics of the target', async () => {
    const { prompts: transferred, device } = await run(method)
    const { mean, standardDeviation } = target.report
    expect(device).toBe('cpu')
    expect(transferred.map(({ rows }) => rows)).toEqual([3, 1])
    for (const [index, prompt] of transferred.entries()) {
      expect(prompt.columns).toBe(target.report.width)
      const own = statisticsOf(prompt.data)
      expect(own.mean).toBeCloseTo(mean, 6)
      expect(own.standardDeviation).toBeCloseTo(standardDeviation, 6)
      const alone = await run(method, { prompts: [prompts[index]] })
      expect(largestDifference(alone.prompts[0].data, prompt.data)).toBeLessThan(1e-6)
    }
  })
})

test('a method is given the rows of the anchors in both tables', async () => {
  const rowsOf = (model: ModelWithTable) =>
    gatherRows(model.table, requireAnchors(anchors, namedModel(model)))
  const pairs = { source: rowsOf(source), target: rowsOf(target) }
  const { vectors } = await leastSquares(pairs, prompts[1], 0)
  const transferred = await run({ kind: 'least-squares' }, { rescale: 'none' })
  expect(largestDifference(transferred.prompts[1].data, vectors.data)).toBeLessThan(1e-6)
})

test('random vectors are those that evaluation draws for the seed', async () => {
  const { prompts: drawn } = await run({ kind: 'random', seed: 5 }, { rescale: 'none', anchors: [] })
  expect(drawn[0]).toEqual(randomVectors(3, 5, target.report))
})

test('the projector hands out its loss and its snapshots, rescaled alike', async () => {
  const { prompts: transferred, lossCurve } = await run(methods[2])
  expect(lossCurve?.perSource[0].loss).toHaveLength(3)
  expect(lossCurve?.perSource.map(({ chosenStep }) => chosenStep)).toEqual([3])
  expect(lossCurve?.snapshots.map(({ step }) => step)).toEqual([1, 2, 3])
  expect(lossCurve?.snapshots[2].prompts).toEqual(transferred)
  expect((await run({ kind: 'least-squares' })).lossCurve).toBeNull()
})

test('notes name the words of a discretized prompt and what became of the anchors', async () => {
  const { notes } = await run({ kind: 'discretization' }, { anchors: [] })
  expect(notes.join()).toMatch(/Transferred as words.* \(1\.00\)/)
  const few = await run({ kind: 'least-squares' }, { anchors: anchors.slice(0, 4) })
  expect(few.notes.join()).toMatch(/ridge of 1e-8 stands in/)
})

describe('refusals', () => {
  test.each(methods.filter(({ kind }) => kind !== 'random' && kind !== 'discretization'))(
    '$kind without anchors',
    async (method) => {
      await expect(run(method, { anchors: [] })).rejects.toMatchObject({
        code: 'bad-argument',
        detail: { where: 'anchors' }
      })
    }
  )

  test('a direct copy to another width', async () => {
    await expect(run({ kind: 'direct-copy' })).rejects.toMatchObject({
      code: 'mismatch',
      detail: { found: 'vectors of tiny-bert, 32 wide', where: 'tiny-gpt2' }
    })
  })

  test.each([
    ['of another model', { rows: 1, columns: 48, data: new Float32Array(48).fill(1) }, 'mismatch'],
    ['with NaN', { rows: 1, columns: 32, data: new Float32Array(32).fill(Number.NaN) }, 'bad-value'],
    ['of zeros', { rows: 1, columns: 32, data: new Float32Array(32) }, 'bad-value']
  ])('a prompt %s', async (_, prompt, code) => {
    await expect(run({ kind: 'least-squares' }, { prompts: [prompt] })).rejects.toMatchObject({
      code,
      detail: { where: expect.stringContaining('the prompt of tiny-bert') }
    })
  })
})
