/**
 * How alike models are to the method, without any prompt: how many words they share, whether relative codes of the same words
 * under the same anchors agree (Eq. 3), and the centred kernel alignment of their tables. What is compared of a pair depends on
 * the two alone: a third model changes nothing of it.
 */
import { sampleCorrelation } from 'simple-statistics'
import { type Anchor, anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { gatherRows, type Matrix } from '#engine/common/contract/matrix.ts'
import type { Similarity, SimilarityRequest } from '#engine/common/contract/similarity.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import { kernelAlignment } from '#engine/common/statistics/kernel-alignment.ts'
import type { Provider } from '#engine/devices/session.ts'
import { singleProducts } from '#engine/linear-algebra/products.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { zeroRows } from './anchor-lengths.ts'
import { encode, prepareSource } from './relative-code.ts'

/** The same words of two models: anchors `[k, d]`, and words `[n, d]` to encode with them. */
type Side = { readonly name: string; readonly anchors: Matrix; readonly words: Matrix }

/** Words compared at most, of anchors at most; of fewer words than the least nothing can be said. */
const [mostWords, mostAnchors, leastWords] = [1000, 500, 50]

const recipe = anchorRecipeSchema.parse({ rule: 'surface', casePolicy: 'fold' })

/** The words that are one token in all of the models, by surface; none where there is none. */
async function sharedWords(models: readonly OpenModel[], signal: AbortSignal): Promise<readonly Anchor[]> {
  const named = models.map(({ report, vocabulary, tokenizer }) => ({
    name: report.name,
    vocabulary,
    tokenizer
  }))
  try {
    return (await buildAnchorSet({ name: 'shared', models: named, recipe }, { signal })).anchors
  } catch (error) {
    if (error instanceof AnchorageError && error.code === 'mismatch') return []
    throw error
  }
}

type ModelWithTable = OpenModel & { readonly table: Matrix }

async function withTable(model: OpenModel, signal: AbortSignal): Promise<ModelWithTable> {
  return { ...model, table: await model.readTable(signal) }
}

/** `[words]` rows of a model's table. */
function rowsOf({ report, vocabulary, tokenizer, table }: ModelWithTable, words: readonly Anchor[]): Matrix {
  return gatherRows(table, requireAnchors(words, { name: report.name, vocabulary, tokenizer }))
}

/** A seeded draw of the words that both models have a direction for, some as anchors, the others to be encoded. */
function sidesOf(models: readonly [ModelWithTable, ModelWithTable], shared: readonly Anchor[]): [Side, Side] {
  const drawn = shuffled(shared, seededUniform(0)).slice(0, mostWords + mostAnchors)
  const zero = new Set(models.flatMap((model) => zeroRows(rowsOf(model, drawn))))
  const usable = drawn.filter((_, index) => !zero.has(index))
  const anchors = usable.slice(0, Math.min(mostAnchors, Math.floor(usable.length / 3)))
  const words = usable.slice(anchors.length)
  const sideOf = (model: ModelWithTable): Side => ({
    name: model.report.name,
    anchors: rowsOf(model, anchors),
    words: rowsOf(model, words)
  })
  return [sideOf(models[0]), sideOf(models[1])]
}

/** The relative codes of the words, `[n · k]`, and the products of all pairs of words, `[n, n]`. */
async function describe({ name, anchors, words }: Side, device: Provider) {
  const codes = await encode(words, prepareSource(anchors, name, device, 'mean'))
  return { codes: codes.data, kernel: await singleProducts(device).timesTransposed(words, words) }
}

async function comparePair(
  models: readonly [OpenModel, OpenModel],
  device: Provider,
  signal: AbortSignal
): Promise<Omit<Similarity['pairs'][number], 'first' | 'second'>> {
  const words = await sharedWords(models, signal)
  const shared = words.length
  if (shared < leastWords) return { shared, compared: 0, anchors: 0, codes: null, alignment: null }
  // Two tables at a time, however many models there are.
  const sides = sidesOf([await withTable(models[0], signal), await withTable(models[1], signal)], words)
  const [one, other] = [await describe(sides[0], device), await describe(sides[1], device)]
  return {
    shared,
    compared: sides[0].words.rows,
    anchors: sides[0].anchors.rows,
    codes: sampleCorrelation([...one.codes], [...other.codes]),
    alignment: kernelAlignment(one.kernel, other.kernel)
  }
}

/**
 * Compares every pair of models.
 * @throws AnchorageError for models that can't be opened, and `cancelled`
 */
export async function compareModels(
  { models }: SimilarityRequest,
  device: Provider,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (progress: Progress) => void }
): Promise<Similarity> {
  const opened: OpenModel[] = []
  for (const reference of models) opened.push(await openModel(reference, signal))
  const total = (opened.length * (opened.length - 1)) / 2
  const pairs: Similarity['pairs'] = []
  for (const [first, one] of opened.entries())
    for (const [second, other] of opened.entries()) {
      if (second <= first) continue
      throwIfCancelled(signal)
      progress({ done: pairs.length, total, label: `${one.report.name} and ${other.report.name}` })
      pairs.push({ first, second, ...(await comparePair([one, other], device, signal)) })
    }
  const described: Similarity['models'] = []
  for (const model of opened)
    described.push({ name: model.report.name, words: (await sharedWords([model], signal)).length })
  return { models: described, pairs }
}
