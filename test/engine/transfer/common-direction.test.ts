/**
 * Transfers between tables as anisotropic as real ones: models of the sample that answer as before, with a direction that
 * all words have in common. Without centring the method fails there; with it nothing changes.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { gatherRows, row } from '#engine/common/contract/matrix.ts'
import type { Centre } from '#engine/common/contract/transfer.ts'
import { commonDirection, copyWithDirection, withDirection } from '#test/support/common-direction.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { type ModelWithTable, openWithTable } from '#test/support/open-with-table.ts'
import { cosine, toRows } from '#test/support/reference-method.ts'

const sample = join(import.meta.dirname, '../../../assets/sample')
const [source, target] = ['bert-small', 'bert-large'].map((name) => join(sample, 'models', name))
const task = {
  kind: 'relation',
  folder: join(sample, 'tasks/relations/capital'),
  commonVocabulary: join(sample, 'tasks/common_vocabulary.txt')
} as const

type Side = { readonly model: string; readonly direction: Float32Array }
type Pair = { readonly source: Side; readonly target: Side }

const engine = engineInProcess()
let isotropic: Pair
let anisotropic: Pair
/** Of the copies. */
let folders: string
/** Tuned on the source as it is. */
let prompt: Matrix

async function shifted(model: string): Promise<Side> {
  const direction = commonDirection((await openWithTable({ folder: model })).table)
  const folder = join(folders, basename(model))
  await copyWithDirection(model, folder, direction)
  return { model: folder, direction }
}

beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), 'anchorage-test-'))
  const still = async (model: string): Promise<Side> => {
    const { table } = await openWithTable({ folder: model })
    return { model, direction: new Float32Array(table.columns) }
  }
  isotropic = { source: await still(source), target: await still(target) }
  anisotropic = { source: await shifted(source), target: await shifted(target) }
  const report = await engine.call('models.inspect', { folder: source })
  const read = { path: join(sample, 'prompts/bert-small/capital'), model: report, vectors: 5 }
  prompt = (await engine.call('prompts.read', read)).vectors
})

afterAll(() => rm(folders, { recursive: true, force: true }))

async function conditionOf({ source, target }: Pair, centre: Centre) {
  const models = [{ folder: source.model }, { folder: target.model }]
  const recipe = anchorRecipeSchema.parse({ cap: 512 })
  const { anchors } = await engine.call('anchors.build', { name: 'shared', models, recipe })
  const search = { kind: 'exact', ridge: 0.01 } as const
  return { target: models[1], anchors, mask: { kind: 'all' }, centre, rescale: 'after', search } as const
}

async function retrieval(pair: Pair, centre: Centre) {
  const { search, ...condition } = await conditionOf(pair, centre)
  const sources = [{ model: { folder: pair.source.model }, weight: 1 }]
  return await engine.call('transfer.retrieval', {
    ...condition,
    sources,
    method: { by: 'transfer', search }
  })
}

/** The answers to the facts, and the prompt less the direction of its table. */
async function transferred(pair: Pair, centre: Centre) {
  const sent = withDirection(prompt, pair.source.direction, 1)
  const sources = [{ model: { folder: pair.source.model }, weight: 1, prompt: sent }]
  const { prompt: found } = await engine.call('transfer.run', {
    ...(await conditionOf(pair, centre)),
    sources
  })
  return { found: withDirection(found, pair.target.direction, -1), answers: await ask(pair.target, found) }
}

async function ask({ model }: Side, vectors: Matrix) {
  const { conditions } = await engine.call('evaluation.run', {
    model: { folder: model },
    task,
    conditions: [{ kind: 'prompt', name: 'prompt', vectors }]
  })
  return conditions[0]
}

/** The mean cosine of rows that stand far apart in the table. */
function meanCosine({ table, usedRows }: ModelWithTable): number {
  const rows = toRows(gatherRows(table, usedRows.slice(0, 1000)))
  const cosines = rows.slice(500).map((one, index) => cosine(one, rows[index]))
  return cosines.reduce((sum, one) => sum + one, 0) / cosines.length
}

describe('a direction that all words have in common', () => {
  test('makes tables as anisotropic as real ones, and answers no other', async () => {
    expect(meanCosine(await openWithTable({ folder: isotropic.target.model }))).toBeLessThan(0.1)
    const cosines = meanCosine(await openWithTable({ folder: anisotropic.target.model }))
    expect(cosines).toBeGreaterThan(0.4)
    expect(cosines).toBeLessThan(0.6)
    const { source } = anisotropic
    const before = await ask(isotropic.source, prompt)
    const after = await ask(source, withDirection(prompt, source.direction, 1))
    expect(after.predictions.map(({ rank }) => rank)).toEqual(before.predictions.map(({ rank }) => rank))
    expect(after.scores.meanLoss).toBeCloseTo(before.scores.meanLoss, 3)
  })

  test('hides words from the plain method, and none from the centred one', async () => {
    const plain = [await retrieval(isotropic, 'none'), await retrieval(anisotropic, 'none')]
    const centred = [await retrieval(isotropic, 'mean'), await retrieval(anisotropic, 'mean')]
    expect(plain[1].hit10).toBeLessThan(plain[0].hit10 - 0.05)
    expect(plain[1].cosine).toBeLessThan(plain[0].cosine - 0.03)
    expect(centred[1].hit10).toBe(centred[0].hit10)
    expect(centred[1].cosine).toBeCloseTo(centred[0].cosine, 4)
  })

  test('makes the plain method answer wrongly, and changes nothing of the centred one', async () => {
    const centred = await transferred(isotropic, 'mean')
    const [lost, kept] = [await transferred(anisotropic, 'none'), await transferred(anisotropic, 'mean')]
    for (let vector = 0; vector < prompt.rows; vector++)
      expect(cosine([...row(kept.found, vector)], [...row(centred.found, vector)])).toBeGreaterThan(0.9999)
    expect(kept.answers.scores.accuracy).toBeCloseTo(centred.answers.scores.accuracy, 1)
    expect(lost.answers.scores.accuracy).toBeLessThan(kept.answers.scores.accuracy - 0.2)
  })
})
