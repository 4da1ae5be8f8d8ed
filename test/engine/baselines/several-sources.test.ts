/** Every baseline from two sources, against the weighted mean of independent float64 computations. */
import { beforeAll, describe, expect, test } from 'vitest'
import { type BaselineKind, baselines, type SettingsByKind } from '#engine/baselines/baselines.ts'
import { runBaseline } from '#engine/baselines/run-baseline.ts'
import type { Anchor } from '#engine/common/contract/anchors.ts'
import {
  type BaselineMethod,
  baselineMethodSchema,
  baselineRequestSchema
} from '#engine/common/contract/baselines.ts'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { gatherRows, type Matrix, row } from '#engine/common/contract/matrix.ts'
import { whatCounts } from '#engine/common/contract/methods.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import {
  centred,
  decodeRelative,
  mapByNormalEquations,
  meansOf,
  nearestSharedWord,
  pursue,
  rotateByPadding,
  rotateBySymmetricWhitening
} from '#test/support/reference-baselines.ts'
import { dotProduct, type Rows, rescaleRows, toRows } from '#test/support/reference-method.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { trainPlainly } from '#test/support/reference-projector.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { namedModel, sharedAnchors } from '#test/support/shared-anchors.ts'
import { promptNear } from '#test/support/small-world.ts'

const folder = (family: string) => ({ folder: referenceModelFolder(family) })

type Side = { model: OpenModel; anchors: Rows }
type Case<Settings> = {
  settings: Settings
  /** Families of the two sources and the target; without it BERT and RoBERTa, 32 and 48 wide, to GPT-2, 40 wide. */
  families?: [string, string, string]
  /** How many of the anchors; without it all. */
  anchors?: number
  /** What the vectors of one source become. */
  expected: (source: Side, target: Side, vectors: Rows) => Rows
}

const projector = {
  kind: 'projector',
  hidden: 3,
  epochs: 2,
  batchSize: 16,
  learningRate: 5e-3,
  seed: 1,
  selection: 'last',
  snapshotEvery: 1
} as const

/** A baseline without an entry does not compile; null: it takes nothing from a source, and several are refused. */
const cases: { [Kind in BaselineKind]: Case<SettingsByKind[Kind]> | null } = {
  random: null,
  'direct-copy': {
    settings: { kind: 'direct-copy' },
    families: ['bert', 'bert', 'bert'],
    expected: (_, __, vectors) => vectors
  },
  discretization: {
    settings: { kind: 'discretization' },
    expected: (source, target, vectors) =>
      vectors.map((vector) => [
        ...row(target.model.table, nearestSharedWord(source.model, target.model, vector).other)
      ])
  },
  projector: {
    settings: projector,
    // Its reference takes gradients by finite differences.
    anchors: 30,
    expected: (source, target, vectors) =>
      trainPlainly(source.anchors, target.anchors, vectors, projector).vectors
  },
  'least-squares': {
    settings: { kind: 'least-squares' },
    expected: (source, target, vectors) => mapByNormalEquations(source.anchors, target.anchors, vectors, 0)
  },
  ridge: {
    settings: { kind: 'ridge', lambda: 0.1 },
    expected: (source, target, vectors) => mapByNormalEquations(source.anchors, target.anchors, vectors, 0.1)
  },
  procrustes: {
    settings: { kind: 'procrustes', centre: true },
    expected: (source, target, vectors) => centred(rotateByPadding)(source.anchors, target.anchors, vectors)
  },
  'whitened-procrustes': {
    settings: { kind: 'whitened-procrustes', centre: false },
    expected: (source, target, vectors) => rotateBySymmetricWhitening(source.anchors, target.anchors, vectors)
  },
  'inverse-relative': {
    settings: { kind: 'inverse-relative' },
    expected: (source, target, vectors) => decodeRelative(source.anchors, target.anchors, vectors)
  },
  'sparse-codes': {
    settings: { kind: 'sparse-codes', atoms: 3 },
    expected: (source, target, vectors) => pursue(source.anchors, target.anchors, vectors, 3)
  }
}

const weights = [3, 1]
/** Of the largest value: results are float32, and codes and the projector are computed in float32. */
const tolerance = 2e-5

let anchors: readonly Anchor[]
/** Per family of the sources, a prompt of three vectors and one of one. */
const prompts = new Map<string, Matrix[]>()

beforeAll(async () => {
  const models = await Promise.all(['bert', 'roberta', 'gpt2'].map((family) => openModel(folder(family))))
  anchors = await sharedAnchors(models)
  for (const [at, family] of ['bert', 'roberta'].entries())
    prompts.set(family, [promptNear(models[at].table, 3, 5 + at), promptNear(models[at].table, 1, 9 + at)])
})

type Source = { family: string; prompts?: Matrix[]; weight: number }
const bothSources: Source[] = [
  { family: 'bert', weight: 3 },
  { family: 'roberta', weight: 1 }
]

type Changes = {
  anchors?: number
  target?: string
  rescale?: 'after' | 'none'
  centre?: 'none' | 'mean'
  progress?: (update: Progress) => void
}

const run = (method: BaselineMethod, sources: Source[], changes: Changes = {}) =>
  runBaseline(
    baselineRequestSchema.parse({
      method,
      sources: sources.map((source) => ({
        model: folder(source.family),
        prompts: source.prompts ?? prompts.get(source.family),
        weight: source.weight
      })),
      target: folder(changes.target ?? 'gpt2'),
      anchors: anchors.slice(0, changes.anchors),
      centre: changes.centre,
      rescale: changes.rescale ?? 'none'
    }),
    'cpu',
    { signal: new AbortController().signal, progress: changes.progress ?? (() => {}) }
  )

async function openSide(family: string, count = anchors.length): Promise<Side> {
  const model = await openModel(folder(family))
  const ids = requireAnchors(anchors.slice(0, count), namedModel(model))
  return { model, anchors: toRows(gatherRows(model.table, ids)) }
}

const meanOf = (mapped: Rows[]): Rows =>
  mapped[0].map((vector, i) =>
    vector.map((_, a) => mapped.reduce((sum, rows, j) => sum + (weights[j] * rows[i][a]) / 4, 0))
  )

/** Both prompts by the case's own computation, one vector after another. */
async function expectedOf<Settings>(
  { expected, anchors: count }: Case<Settings>,
  [first, second, to]: string[],
  own: Matrix[][]
): Promise<Rows[]> {
  const target = await openSide(to, count)
  const sources = [await openSide(first, count), await openSide(second, count)]
  return [0, 1].map((p) => meanOf(sources.map((source, j) => expected(source, target, toRows(own[j][p])))))
}

/** `s·x_i + ā`, with `s` the mean length of the target's centred anchors over that of `x_i`, from vectors that hold `ā`. */
function rescaleAround(rows: Rows, anchors: Rows): Rows {
  const mean = meansOf(anchors)
  const less = (one: number[]): number[] => one.map((value, j) => value - mean[j])
  const meanLength = (of: Rows): number =>
    of.reduce((sum, one) => sum + Math.sqrt(dotProduct(less(one), less(one))), 0) / of.length
  const scale = meanLength(anchors) / meanLength(rows)
  return rows.map((one) => less(one).map((value, j) => scale * value + mean[j]))
}

const largest = (rows: Rows): number => Math.max(...rows.flat().map(Math.abs))

test('every kind of the contract has its entry, its case here, and anchors where the contract says so', () => {
  const kinds = baselineMethodSchema.options.map(({ shape }) => shape.kind.value).sort()
  expect(Object.keys(baselines).sort()).toEqual(kinds)
  expect(Object.keys(cases).sort()).toEqual(kinds)
  for (const kind of kinds)
    expect(baselines[kind].needs === 'anchors', kind).toBe(whatCounts({ kind }).anchors)
})

describe.each(Object.values(cases).flatMap((one) => one ?? []))('$settings.kind', (one) => {
  const families = one.families ?? ['bert', 'roberta', 'gpt2']

  test('is the mean of what each source becomes by the weights, with Eq. 6 after it', async () => {
    // Two prompts that differ, even where both sources are one model.
    const { table } = await openModel(folder(families[1]))
    const second = [promptNear(table, 3, 21), promptNear(table, 1, 22)]
    const own = [prompts.get(families[0]) ?? [], second]
    const sources = own.map((given, j) => ({ family: families[j], prompts: given, weight: weights[j] }))
    const expected = await expectedOf<unknown>(one, families, own)
    const changes = { target: families[2], anchors: one.anchors }
    const plain = await run(one.settings, sources, changes)
    const rescaled = await run(one.settings, sources, { ...changes, rescale: 'after' })
    const { mean, standardDeviation } = (await openModel(folder(families[2]))).report
    for (const [p, rows] of expected.entries()) {
      expect(plain.prompts[p].columns).toBe(rows[0].length)
      expect(largestDifference(plain.prompts[p].data, rows.flat())).toBeLessThan(tolerance * largest(rows))
      const moved = rescaleRows(rows, mean, standardDeviation)
      expect(largestDifference(rescaled.prompts[p].data, moved.flat())).toBeLessThan(
        tolerance * largest(moved)
      )
    }
  })
})

const learning = Object.values(cases).filter(
  (one) => one !== null && baselines[one.settings.kind].needs === 'anchors'
)

describe.each(learning.flatMap((one) => one ?? []))('$settings.kind, centred', (one) => {
  const families = one.families ?? ['bert', 'roberta', 'gpt2']

  test('is that between tables less their means, the target’s put back at the length of its anchors', async () => {
    const { table } = await openModel(folder(families[1]))
    const second = [promptNear(table, 3, 21), promptNear(table, 1, 22)]
    const own = [prompts.get(families[0]) ?? [], second]
    const sources = own.map((given, j) => ({ family: families[j], prompts: given, weight: weights[j] }))
    const around: typeof one.expected = (source, target, vectors) =>
      centred((from, to, moved) =>
        one.expected({ ...source, anchors: from }, { ...target, anchors: to }, moved)
      )(source.anchors, target.anchors, vectors)
    const expected = await expectedOf<unknown>({ ...one, expected: around }, families, own)
    const changes = { target: families[2], anchors: one.anchors, centre: 'mean' } as const
    const plain = await run(one.settings, sources, changes)
    const rescaled = await run(one.settings, sources, { ...changes, rescale: 'after' })
    const { anchors: to } = await openSide(families[2], one.anchors)
    for (const [p, rows] of expected.entries()) {
      expect(largestDifference(plain.prompts[p].data, rows.flat())).toBeLessThan(tolerance * largest(rows))
      const moved = rescaleAround(rows, to)
      expect(largestDifference(rescaled.prompts[p].data, moved.flat())).toBeLessThan(
        tolerance * largest(moved)
      )
    }
  })
})

test.each(['random', 'direct-copy', 'discretization'] as const)('%s has nothing to centre', async (kind) => {
  const method = baselineMethodSchema.parse({ kind, seed: 1 })
  await expect(run(method, [bothSources[0]], { centre: 'mean' })).rejects.toMatchObject({
    code: 'bad-argument',
    detail: { where: 'centre' }
  })
})

test('only the ratio of weights counts, and the weight of one source not at all', async () => {
  const method = { kind: 'least-squares' } as const
  const shares = bothSources.map((source) => ({ ...source, weight: source.weight / 4 }))
  expect((await run(method, bothSources)).prompts).toEqual((await run(method, shares)).prompts)
  const alone = (weight: number) => run(method, [{ family: 'bert', weight }])
  expect((await alone(7)).prompts).toEqual((await alone(1)).prompts)
})

test('the projector says of each source what was chosen, and averages the same epoch of both', async () => {
  const { prompts: transferred, lossCurve } = await run(projector, bothSources)
  const alone = await Promise.all(bothSources.map((source) => run(projector, [source])))
  expect(lossCurve?.perSource).toEqual(alone.flatMap((one) => one.lossCurve?.perSource ?? []))
  expect(lossCurve?.perSource.map(({ chosenStep }) => chosenStep)).toEqual([2, 2])
  expect(lossCurve?.snapshots.map(({ step }) => step)).toEqual([1, 2])
  expect(lossCurve?.snapshots[1].prompts).toEqual(transferred)
  expect(lossCurve?.snapshots[0].prompts).not.toEqual(transferred)
  expect((await run({ kind: 'ridge', lambda: 0.1 }, bothSources)).lossCurve).toBeNull()
})

test('remarks and progress name the source, and progress goes on from one to the next', async () => {
  const { notes } = await run({ kind: 'sparse-codes', atoms: 2 }, bothSources)
  expect(notes).toEqual([
    expect.stringMatching(/^tiny-bert: Sums of 2 anchors/),
    expect.stringMatching(/^tiny-roberta: Sums of 2 anchors/)
  ])
  const updates: Progress[] = []
  await run({ ...projector, seed: 2 }, bothSources, { progress: (update) => updates.push(update) })
  const shares = updates.map(({ done, total }) => done / total)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(updates.at(-1)).toMatchObject({
    done: 4,
    total: 4,
    label: 'tiny-roberta: training the projector, epoch 2'
  })
})

describe('refusals', () => {
  const method = { kind: 'procrustes', centre: false } as const
  const withPrompts = (given: (own: Matrix[]) => Matrix[]): Source[] => [
    bothSources[0],
    { family: 'roberta', prompts: given(prompts.get('roberta') ?? []), weight: 1 }
  ]

  test('sources with another number of prompts', async () => {
    await expect(
      run(
        method,
        withPrompts(([first]) => [first])
      )
    ).rejects.toMatchObject({
      code: 'mismatch',
      message: 'The sources differ in the number of their prompts.',
      detail: { found: 'tiny-bert: 2; tiny-roberta: 1' }
    })
  })

  test('prompts of another length', async () => {
    await expect(
      run(
        method,
        withPrompts(([first, second]) => [second, first])
      )
    ).rejects.toMatchObject({
      code: 'mismatch',
      message: 'The prompts of the sources differ in length.',
      detail: { found: 'tiny-bert: 3, 1 vectors; tiny-roberta: 1, 3 vectors' }
    })
  })

  test('a copy where one of the sources has another width', async () => {
    await expect(run({ kind: 'direct-copy' }, bothSources, { target: 'bert' })).rejects.toMatchObject({
      code: 'mismatch',
      detail: { found: 'vectors of tiny-roberta, 48 wide', where: 'tiny-bert' }
    })
  })

  test('random vectors from several sources', async () => {
    await expect(run({ kind: 'random', seed: 1 }, bothSources)).rejects.toMatchObject({
      code: 'bad-argument',
      detail: { where: 'random', found: '2 sources' }
    })
  })

  test('a weight of 0', () => {
    const of = (weight: number) => ({
      method,
      sources: [{ model: folder('bert'), prompts: prompts.get('bert'), weight }],
      target: folder('gpt2'),
      rescale: 'none'
    })
    expect(baselineRequestSchema.safeParse(of(1)).success).toBe(true)
    expect(baselineRequestSchema.safeParse(of(0)).success).toBe(false)
  })
})
