/** Questions to any language model in the batches that suit it: rows of one question each, padded, or rows of many. */
import { type Batch, lengthBuckets, padBatch, type Question } from './batches.ts'
import type { LanguageModel } from './language-model.ts'
import { packedBatches } from './packed-batches.ts'

/** All questions in batches, each with the questions that it answers, in the order of its answers. */
export function batchQuestions(
  questions: readonly Question[],
  {
    batchTokens,
    packedLength,
    firstVirtualToken,
    padToken
  }: Pick<LanguageModel, 'batchTokens' | 'packedLength' | 'firstVirtualToken' | 'padToken'>
): { indices: number[]; batch: Batch }[] {
  if (packedLength !== null)
    return packedBatches(questions, {
      rowLength: packedLength,
      tokensPerBatch: batchTokens,
      firstVirtualToken,
      padToken
    })
  return lengthBuckets(questions, batchTokens).map((indices) => ({
    indices,
    batch: padBatch(
      indices.map((index) => questions[index]),
      firstVirtualToken,
      padToken
    )
  }))
}
