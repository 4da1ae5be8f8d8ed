/**
 * A language model's file made ready for prompts: virtual tokens in, logits at chosen positions out, weights
 * left in their files. What runs it, or adds a loss and gradients to it, starts here.
 */

import { type AnswerHead, answerAtPositions } from './answer-head.ts'
import { graftPrompt, type PromptGraft } from './embedding-graft.ts'
import { expandFusions } from './expansions/expand-fusions.ts'
import { batchExpansions } from './expansions/table.ts'
import { viewGraph } from './graph-view.ts'
import { takeBranchWithoutCache } from './merged-decoder.ts'
import { type ModelFile, readModelFile } from './model-file.ts'
import type { Tensor } from './tensor.ts'
import { type TokenBatch, tokenFeeds } from './token-inputs.ts'

export type PromptedModel = ModelFile & {
  readonly graft: PromptGraft
  readonly head: AnswerHead
  /** The feeds of a batch, without those of prompt vectors and positions. */
  readonly feeds: (batch: TokenBatch) => Record<string, Tensor>
}

/**
 * Reads an ONNX file and prepares its graph.
 * @throws AnchorageError as `readModelFile` and `promptedModel` do
 */
export async function readPromptedModel(path: string): Promise<PromptedModel> {
  return promptedModel(await readModelFile(path))
}

/**
 * Prepares the graph of a model, in place.
 * @throws AnchorageError as `graftPrompt`, `answerAtPositions` and `tokenFeeds` do
 */
export function promptedModel(file: ModelFile): PromptedModel {
  const { model, path } = file
  takeBranchWithoutCache(model)
  expandFusions(model, batchExpansions)
  const { inputs } = viewGraph(model)
  const graft = graftPrompt(model, path)
  const feeds = tokenFeeds(inputs, graft.idsInput, path)
  const head = answerAtPositions(model, path)
  return { ...file, graft, head, feeds }
}
