/** Finds out what a model can do, by doing it once: the engine's part of `anchorage doctor MODEL`. */
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { ModelExamination } from '#engine/common/contract/examination.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { Provider } from '#engine/devices/session.ts'
import { templateEncoder } from '#engine/evaluation/encode-template.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'
import { padBatch, type Question } from '#engine/language-model/batches.ts'
import { inspectGraph } from '#engine/language-model/inspect-graph.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { openLanguageModel } from '#engine/language-model/open-language-model.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { largestDifference, largestOf } from './compare.ts'

/** The words of the self-check stand in for as many prompt vectors. */
const template = parseTemplate('[V1] [V2] [V3] [V4] [MASK]')

/**
 * The same sums, perhaps in another order: float32 leaves some 1e-6 of the largest logit. Where the graph looks words up in a
 * table of its own that is rounded, the vectors are as well.
 */
const tolerance = 1e-4

/** Ordinary words that the model has a vector for: the first of its vocabulary that begin a word and are letters alone. */
function ordinaryWords({ vocabulary, usedRows }: OpenModel): number[] {
  const used = new Set(usedRows)
  const words = vocabulary.tokens.filter(
    ({ id, kind, beginsWord, surface }) =>
      kind === 'word' && beginsWord && used.has(id) && /^\p{L}{2,}$/u.test(surface)
  )
  return words.slice(0, template.vectors).map(({ id }) => id)
}

/** The words as tokens, and as the vectors that they have in the table. */
async function ask(
  language: LanguageModel,
  question: Question,
  prompts: Matrix
): Promise<{ logits: Float32Array; seconds: number }> {
  const batch = padBatch([question], language.firstVirtualToken, language.padToken)
  const started = performance.now()
  const { data } = await language.answer(batch, prompts)
  return { logits: data, seconds: (performance.now() - started) / 1000 }
}

type Queried = Pick<ModelExamination, 'query' | 'timing' | 'selfCheck'>

async function query(model: OpenModel, device: Provider): Promise<Queried> {
  const words = ordinaryWords(model)
  if (words.length < template.vectors) {
    throw new AnchorageError('unsupported', 'The vocabulary has too few words for a query.', {
      found: `${words.length} words of letters alone`,
      expected: `at least ${template.vectors}`
    })
  }
  const started = performance.now()
  const language = await openLanguageModel(model, device)
  const opening = (performance.now() - started) / 1000
  try {
    const byVectors = templateEncoder(template, language)('')
    const byWords = { ...byVectors, ids: byVectors.ids.map((id) => (id < 0 ? words[-1 - id] : id)) }
    const prompts = await model.readRows(words)
    const expected = await ask(language, byWords, prompts)
    const found = await ask(language, byVectors, prompts)
    const difference = largestDifference('self-check', found.logits, expected.logits)
    const relative = difference / largestOf(expected.logits)
    return {
      query: { can: true, note: model.report.graph.note },
      timing: { opening, query: found.seconds, tokens: byWords.ids.length },
      selfCheck: {
        agrees: relative <= tolerance,
        largestDifference: Number.isFinite(relative) ? relative : null,
        tolerance,
        words: words.map((id) => model.vocabulary.byId.get(id)?.surface ?? `#${id}`)
      }
    }
  } finally {
    await language.release()
  }
}

/** Why something can't be done, in one sentence. */
function refusal(thrown: unknown): string {
  if (!(thrown instanceof AnchorageError) || thrown.code === 'cancelled') throw thrown
  const { found, next } = thrown.detail
  return [thrown.message, found, next].filter((part) => part !== undefined).join(' ')
}

async function tuning(reference: ModelReference, signal?: AbortSignal): Promise<ModelExamination['tune']> {
  const { obstacles } = await inspectGraph(reference, signal)
  const [first] = obstacles
  return first === undefined
    ? { can: true, note: 'gradients pass every operator between prompt and logits' }
    : { can: false, note: `${first.reason} ${first.next}` }
}

/**
 * Opens a model, asks it once, and compares prompt vectors with the words that they are the embeddings of.
 * @throws what is wrong with its files, and `cancelled`
 */
export async function examineModel(
  reference: ModelReference,
  device: Provider,
  signal?: AbortSignal
): Promise<ModelExamination> {
  const model = await openModel(reference, signal)
  const { report } = model
  if (report.graph.file === null) {
    const note = report.graph.note
    return { report, query: { can: false, note }, tune: { can: false, note }, timing: null, selfCheck: null }
  }
  const tune = await tuning(reference, signal).catch((thrown: unknown) => ({
    can: false,
    note: refusal(thrown)
  }))
  throwIfCancelled(signal)
  try {
    return { report, tune, ...(await query(model, device)) }
  } catch (thrown) {
    return { report, tune, query: { can: false, note: refusal(thrown) }, timing: null, selfCheck: null }
  }
}
