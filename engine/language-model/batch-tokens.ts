/**
 * How many tokens a batch may hold. A run of a model needs, per token, a handful of tensors as wide as its layers
 * (attention scores and the four times wider inner layer among them) and, per row, two vectors as long as its
 * vocabulary: logits and their copy.
 */

/** Live values per token while a layer is computed, in widths of a layer. */
const widthsPerToken = 24

/** A question is hardly shorter than this, so every so many tokens ask for one answer. */
const tokensPerAnswer = 8

/** Beyond this many tokens a batch is no faster on a CPU. */
const mostTokens = 1024

/** What a batch may take of the memory that is free. */
const shareOfMemory = 0.25

/**
 * Tokens per batch, padding included: at most 1024, fewer where memory is short.
 * @param freeBytes memory that the process can still get
 */
export function batchTokens(
  { hiddenSize, vocabularySize }: { hiddenSize: number; vocabularySize: number },
  freeBytes: number
): number {
  const bytesPerToken = 4 * (widthsPerToken * hiddenSize + (2 * vocabularySize) / tokensPerAnswer)
  const fitting = Math.floor((shareOfMemory * freeBytes) / bytesPerToken)
  return Math.max(1, Math.min(mostTokens, fitting))
}
