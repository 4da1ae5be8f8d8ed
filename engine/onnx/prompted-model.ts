/**
 * A language model's file made ready for prompts: virtual tokens in, logits at chosen positions out, weights
 * left in their files. What runs it, or adds a loss and gradients to it, starts here.
 */

import { type AnswerHead, answerAtPositions } from './answer-head.ts'
import { separateDecoderLength } from './decoder-axes.ts'
import { graftPrompt, type PromptGraft } from './embedding-graft.ts'
import { expandFusions } from './expansions/expand-fusions.ts'
import { batchExpansions } from './expansions/table.ts'
import { readGraphFile } from './graph-file.ts'
import { viewGraph } from './graph-view.ts'
import { takeBranchWithoutCache } from './merged-decoder.ts'
import type { ModelFile } from './model-file.ts'
import { requireRunnableVersion } from './runnable-version.ts'
import type { Tensor } from './tensor.ts'
import { type CacheSizes, type TokenBatch, tokenFeeds } from './token-inputs.ts'

/** What a model's settings say of sizes. */
export type StatedSizes = {
  readonly cache?: CacheSizes
  /** Tokens that there are logits for; tables may have more rows. */
  readonly vocabularySize?: number | undefined
}

export type PromptedModel = ModelFile & {
  readonly graft: PromptGraft
  readonly head: AnswerHead
  /** The feeds of a batch, without those of prompt vectors and positions. */
  readonly feeds: (batch: TokenBatch) => Record<string, Tensor>
}

/**
 * Reads an ONNX file and prepares its graph.
 * @param sizes what the model's settings say, for what the graph leaves open
 * @throws AnchorageError as `readGraphFile` and `promptedModel` do
 */
export async function readPromptedModel(path: string, sizes: StatedSizes = {}): Promise<PromptedModel> {
  return promptedModel(await readGraphFile(path), sizes)
}

/**
 * Prepares the graph of a model, in place.
 * @param sizes what the model's settings say, for what the graph leaves open
 * @throws AnchorageError as `requireRunnableVersion`, `graftPrompt`, `answerAtPositions` and `tokenFeeds` do
 */
export function promptedModel(file: ModelFile, sizes: StatedSizes = {}): PromptedModel {
  const { model, path } = file
  requireRunnableVersion(model, path)
  takeBranchWithoutCache(model)
  separateDecoderLength(model)
  expandFusions(model, batchExpansions)
  const { inputs } = viewGraph(model)
  const graft = graftPrompt(model, path)
  const feeds = tokenFeeds(inputs, graft.idsInput, path, sizes.cache)
  const head = answerAtPositions(model, path, [
    graft.vocabularySize,
    sizes.vocabularySize ?? graft.vocabularySize
  ])
  return { ...file, graft, head, feeds }
}
