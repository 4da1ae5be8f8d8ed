/** The similarity of the sample's models against loops in float64 over the same words. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Anchor } from '#engine/common/contract/anchors.ts'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import { row } from '#engine/common/contract/matrix.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { resolveAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import { compareModels } from '#engine/transfer/model-similarity.ts'
import { type ModelWithTable, openWithTable } from '#test/support/open-with-table.ts'
import { sampleFolder } from '#test/support/window-on-sample.ts'

const names = ['bert-small', 'roberta-small', 'gpt2'] as const
const references = names.map((name) => ({ folder: join(sampleFolder, 'models', name) }))
const nobody = { signal: new AbortController().signal, progress: () => {} }

const asAnchorModel = ({ report, vocabulary, tokenizer }: OpenModel) => ({
  name: report.name,
  vocabulary,
  tokenizer
})

function vectorsOf(model: ModelWithTable, words: readonly Anchor[]): number[][] {
  const { ids } = resolveAnchors(words, asAnchorModel(model))
  return Array.from(ids, (id) => [...row(model.table, id)])
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0
  for (let at = 0; at < a.length; at++) total += a[at] * b[at]
  return total
}

/** All cosines of words with anchors, both less the mean of the anchors. */
function codesOf(words: readonly number[][], anchors: readonly number[][]): number[] {
  const mean = anchors[0].map((_, at) => sum(anchors.map((anchor) => anchor[at])) / anchors.length)
  const centred = (vectors: readonly number[][]) =>
    vectors.map((vector) => vector.map((value, at) => value - mean[at]))
  const unit = (vectors: readonly number[][]) =>
    centred(vectors).map((vector) => {
      const length = Math.sqrt(dot(vector, vector))
      return vector.map((value) => value / length)
    })
  const around = unit(anchors)
  return unit(words).flatMap((word) => around.map((anchor) => dot(word, anchor)))
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [a, b].map((values) => {
    const mean = sum(values) / values.length
    return values.map((value) => value - mean)
  })
  return dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right))
}

describe('the similarity of models', () => {
  it('has every pair once, with the words and correlations of plain loops', async () => {
    const { models, pairs } = await compareModels({ models: references, device: 'cpu' }, 'cpu', nobody)
    expect(models.map(({ name }) => name)).toEqual(names)
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2]
    ])
    const opened = await Promise.all(references.map((reference) => openWithTable(reference)))
    const recipe = anchorRecipeSchema.parse({ rule: 'surface', casePolicy: 'fold' })
    const [pair] = pairs
    const both = [opened[0], opened[1]]
    const { anchors: shared } = await buildAnchorSet({
      name: 'both',
      models: both.map(asAnchorModel),
      recipe
    })
    expect(pair.shared).toBe(shared.length)
    const drawn = shuffled(shared, seededUniform(0)).slice(0, pair.compared + pair.anchors)
    expect(drawn).toHaveLength(pair.compared + pair.anchors)
    const codes = both.map((model) => {
      const vectors = vectorsOf(model, drawn)
      return codesOf(vectors.slice(pair.anchors), vectors.slice(0, pair.anchors))
    })
    // Products are float32.
    expect(pair.codes).toBeCloseTo(correlation(codes[0], codes[1]), 5)
    for (const { codes: r, alignment } of pairs) {
      expect(r).toBeGreaterThan(0)
      expect(r).toBeLessThan(1)
      expect(alignment).toBeGreaterThan(0)
      expect(alignment).toBeLessThan(1)
    }
  })

  it('of a model and itself is 1, whatever else is compared, and can be cancelled', async () => {
    const [reference] = references
    const { pairs } = await compareModels({ models: [reference, reference], device: 'cpu' }, 'cpu', nobody)
    expect(pairs[0].codes).toBeCloseTo(1, 10)
    expect(pairs[0].alignment).toBeCloseTo(1, 10)
    const cancelled = compareModels({ models: references, device: 'cpu' }, 'cpu', {
      ...nobody,
      signal: AbortSignal.abort()
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  })
})
