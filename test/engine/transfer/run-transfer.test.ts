import { cp, open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Anchor } from '#engine/common/contract/anchors.ts'
import { gatherRows, row } from '#engine/common/contract/matrix.ts'
import { type TransferRequest, transferRequestSchema } from '#engine/common/contract/transfer.ts'
import { mix } from '#engine/common/mixing/mixing.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { openTransfer } from '#engine/transfer/open-transfer.ts'
import { runMixingBasis, runRidgePath, runTransfer } from '#engine/transfer/run-transfer.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import { type ModelWithTable, openWithTable } from '#test/support/open-with-table.ts'
import {
  cosine,
  encodeRows,
  matchingOf,
  optimumOf,
  rescaleRows,
  toRows
} from '#test/support/reference-method.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const reference = (family: string) => ({ folder: referenceModelFolder(family) })
const context = { signal: new AbortController().signal, progress: () => {} }

let models: Record<'bert' | 'roberta' | 'gpt2', ModelWithTable>
let anchors: readonly Anchor[]

const named = (model: ModelWithTable) => ({ ...model, name: model.report.name })

beforeAll(async () => {
  const [bert, roberta, gpt2] = await Promise.all(
    ['bert', 'roberta', 'gpt2'].map((family) => openWithTable(reference(family)))
  )
  models = { bert, roberta, gpt2 }
  const set = await buildAnchorSet(
    {
      name: 'three',
      models: [named(bert), named(roberta), named(gpt2)],
      recipe: {
        rule: 'surface',
        casePolicy: 'exact',
        filters: { wholeWords: false, lettersOnly: false, minimumLength: 1, wordList: null },
        cap: null,
        order: { by: 'rank', model: 0 }
      }
    },
    { signal: context.signal, onProgress: () => {} }
  )
  anchors = set.anchors
})

/** A prompt of two words' embeddings, from the model's own table. */
const promptOf = (model: ModelWithTable) => gatherRows(model.table, [20, 33])

function request(changes: Partial<TransferRequest> = {}): TransferRequest {
  return {
    sources: [
      { model: reference('bert'), prompt: promptOf(models.bert), weight: 1 },
      { model: reference('roberta'), prompt: promptOf(models.roberta), weight: 2 }
    ],
    target: reference('gpt2'),
    anchors: [...anchors],
    mask: { kind: 'all' },
    centre: 'none',
    search: { kind: 'exact', ridge: 0.1 },
    rescale: 'after',
    device: 'cpu',
    ...changes
  }
}

test('codes are made once, and a transfer under a mask leaves them as they are', async () => {
  const codesNow = async () => {
    const { sources } = await openTransfer(request(), 'cpu', context.signal)
    return await sources[0].codes(promptOf(models.bert))
  }
  const codes = await codesNow()
  const values = codes.data.slice()
  await runTransfer(request({ mask: { kind: 'top-k', k: 10, from: 'sum' } }), 'cpu', context)
  expect(await codesNow()).toBe(codes)
  expect(codes.data).toStrictEqual(values)
  const { sources } = await openTransfer(request({ centre: 'mean' }), 'cpu', context.signal)
  expect(await sources[0].codes(promptOf(models.bert))).not.toStrictEqual(codes)
})

test('a transfer from folders equals the plain method on their tables', async () => {
  const { prompt, report, device } = await runTransfer(request(), 'cpu', context)
  const rowsOf = (model: ModelWithTable) =>
    toRows(gatherRows(model.table, requireAnchors(anchors, named(model))))
  const codes = [models.bert, models.roberta].map((model) =>
    encodeRows(toRows(promptOf(model)), rowsOf(model))
  )
  const target = rowsOf(models.gpt2)
  const mask = target.map(() => 1)
  const found = [0, 1].map((i) =>
    optimumOf(
      codes.map((code) => code[i]),
      [1, 2],
      mask,
      target,
      0.1
    )
  )
  const { mean, standardDeviation } = models.gpt2.report
  const expected = rescaleRows(found, mean, standardDeviation)
  for (const i of [0, 1]) {
    expect(cosine([...row(prompt, i)], expected[i])).toBeGreaterThan(0.999999)
    expect(report.vectors[i].matching).toBeCloseTo(
      matchingOf(
        codes.map((code) => code[i]),
        [1, 2],
        mask,
        target,
        found[i]
      ),
      6
    )
    expect(report.vectors[i].nearestWords).toHaveLength(10)
    const [best] = report.vectors[i].nearestWords
    expect(models.gpt2.vocabulary.byId.get(best.id)?.stored).toBe(best.token)
  }
  expect(report.anchorsUsed).toBe(anchors.length)
  expect(device).toBe('cpu')
})

test('mixing and the ridge path from folders agree with single transfers', async () => {
  const single = await runTransfer(request(), 'cpu', context)
  const basis = await runMixingBasis({ ...request(), ridge: 0.1, rescale: 'after' }, 'cpu', context)
  const [point] = await runRidgePath({ ...request(), ridges: [0.1], rescale: 'after' }, 'cpu', context)
  for (const found of [mix(basis, [1, 2]).prompt, point.prompt])
    for (const i of [0, 1])
      expect(cosine([...row(found, i)], [...row(single.prompt, i)])).toBeGreaterThan(1 - 1e-9)
})

describe('what is asked by contract reaches the method:', () => {
  const adam = { kind: 'adam', steps: 12, seed: 3, learningRate: 0.05 } as const
  const variants: [string, Partial<z.input<typeof transferRequestSchema>>][] = [
    ['the optimum, by the sum of the sources', { mask: { kind: 'top-k', k: 20 } }],
    ['the optimum, by the last source', { mask: { kind: 'top-k', k: 20, from: 'last' } }],
    ['a common mask', { mask: { kind: 'common-top-k', k: 20 }, search: { kind: 'exact', ridge: 0 } }],
    ['Adam by its loss', { search: adam }],
    ['Adam by its last step', { search: { ...adam, selection: 'last' } }],
    ['Adam by validation: steps to choose from', { search: { ...adam, snapshotEvery: 4 } }],
    ['Adam, rescaled inside', { search: adam, rescale: 'inside' }],
    ['no rescale', { rescale: 'none' }]
  ]

  test.each(variants)('%s', async (_, changes) => {
    const asked = transferRequestSchema.parse({ ...request(), ...changes })
    const { prompt, report, lossCurve } = await runTransfer(asked, 'cpu', context)
    const opened = await openTransfer(asked, 'cpu', context.signal)
    const sources = asked.sources.map((source, j) => ({ ...source, space: opened.sources[j] }))
    const expected = await transfer({ ...asked, sources, target: opened.target })
    expect({ prompt, lossCurve }).toEqual({ prompt: expected.prompt, lossCurve: expected.lossCurve })
    expect(report.anchorsKept).toBe(asked.mask.kind === 'all' ? anchors.length : 20)
  })

  test('they differ from each other', async () => {
    const prompts = new Set<string>()
    for (const [, changes] of variants) {
      const asked = transferRequestSchema.parse({ ...request(), ...changes })
      prompts.add((await runTransfer(asked, 'cpu', context)).prompt.data.join())
    }
    // Steps to choose from are handed out beside the result, which stays the same.
    expect(prompts.size).toBe(variants.length - 1)
  })
})

describe('notes', () => {
  test('say when a source is the target, and when one model is two sources', async () => {
    const sources = ['bert', 'gpt2', 'bert'].map((family) => ({
      model: reference(family),
      prompt: promptOf(family === 'bert' ? models.bert : models.gpt2),
      weight: 1
    }))
    const { report } = await runTransfer(request({ sources }), 'cpu', context)
    expect(report.notes).toEqual(
      expect.arrayContaining([
        'Source 2, tiny-gpt2, is the target itself: a self-transfer.',
        'Sources 1 and 3 are one model, tiny-bert.'
      ])
    )
  })

  test('name anchors that are left out because a model has zeros for them', async () => {
    const [left] = anchors
    const [id] = requireAnchors([left], named(models.gpt2))
    const target = { folder: await withZeroRow(models.gpt2, id) }
    const { report } = await runTransfer(request({ target }), 'cpu', context)
    expect(report.notes.join(' ')).toContain(
      `Left out: ${left.surface}, whose embedding in tiny-gpt2 is zero.`
    )
    expect(report.anchorsUsed).toBe(anchors.length - 1)
  })
})

/** A copy of a model's folder in whose table one row is zero. */
async function withZeroRow({ folder, report, checkpoint }: ModelWithTable, id: number): Promise<string> {
  const copy = join(await temporaryFolder(), basename(folder))
  await cp(folder, copy, { recursive: true, dereference: true })
  const { offset = Number.NaN } = checkpoint.tensors.find(({ name }) => name === report.table.tensor) ?? {}
  const bytes = 4 * report.width
  const file = await open(join(copy, report.table.file), 'r+')
  await file.write(new Uint8Array(bytes), 0, bytes, offset + id * bytes)
  await file.close()
  return copy
}

test('an anchor that a model does not know is refused by name', async () => {
  const unknown = { surface: 'zyzzyva', beginsWord: true }
  await expect(
    runTransfer(request({ anchors: [...anchors, unknown] }), 'cpu', context)
  ).rejects.toMatchObject({ code: 'mismatch', detail: { found: expect.stringContaining('zyzzyva') } })
})
