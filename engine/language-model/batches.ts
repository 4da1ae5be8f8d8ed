/**
 * Questions to a language model as batches. Where each stands in a row of its own, questions of like length go together,
 * so that little is computed for padding; the number of rows follows from the memory that a batch may take.
 */
import type { TokenBatch } from '#engine/onnx/token-inputs.ts'

export type Question = {
  /** Token ids; row `i` of the prompt vectors is written as `−1 − i` until the model's virtual tokens are known. */
  readonly ids: readonly number[]
  /** The position whose logits answer: among `decoderIds` where there are any, else among `ids`. */
  readonly answerPosition: number
  /** What the decoder of an encoder-decoder is given; as many for every question of a model. */
  readonly decoderIds?: readonly number[]
}

export type Batch = TokenBatch & {
  /** `[n]`: the row of each answer; left out where every row has one. */
  readonly answerRows?: Int32Array
  /** `[n]`: the place in its row. */
  readonly answerPositions: Int32Array
}

/** A batch of fewer tokens costs more for each of them than padding does. */
const leastTokens = 256

/** The share of a batch's places that padding may take. */
const mostPadding = 0.05

/**
 * Indices of the questions in batches: sorted by length, cut so that rows × longest ≤ `tokensPerBatch`, and where a batch
 * that is large enough would hold more padding than a twentieth.
 */
export function lengthBuckets(questions: readonly Question[], tokensPerBatch: number): number[][] {
  const byLength = questions
    .map((_, index) => index)
    .sort((a, b) => questions[a].ids.length - questions[b].ids.length || a - b)
  const buckets: number[][] = []
  let bucket: number[] = []
  let tokens = 0
  for (const index of byLength) {
    const longest = questions[index].ids.length
    const places = (bucket.length + 1) * longest
    const isPadded = tokens >= leastTokens && places - tokens - longest > mostPadding * places
    if (bucket.length > 0 && (places > tokensPerBatch || isPadded)) {
      buckets.push(bucket)
      bucket = []
      tokens = 0
    }
    bucket.push(index)
    tokens += longest
  }
  if (bucket.length > 0) buckets.push(bucket)
  return buckets
}

/**
 * One padded batch of at least one question.
 * @param firstVirtualToken virtual token id of the first prompt vector
 * @param padToken id that fills short rows
 */
export function padBatch(questions: readonly Question[], firstVirtualToken: number, padToken: number): Batch {
  const rows = questions.length
  const length = Math.max(...questions.map((question) => question.ids.length))
  const ids = new BigInt64Array(rows * length).fill(BigInt(padToken))
  const attentionMask = new BigInt64Array(rows * length)
  for (const [row, question] of questions.entries()) {
    for (const [column, id] of question.ids.entries()) {
      ids[row * length + column] = BigInt(id < 0 ? firstVirtualToken - 1 - id : id)
      attentionMask[row * length + column] = 1n
    }
  }
  const answerPositions = Int32Array.from(questions, (question) => question.answerPosition)
  const given = questions.flatMap(({ decoderIds }) => decoderIds ?? [])
  const decoderIds = given.length === 0 ? undefined : BigInt64Array.from(given, BigInt)
  return { rows, length, ids, attentionMask, decoderIds, answerPositions }
}
