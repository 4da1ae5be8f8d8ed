/** The graph of one tuning step: from a model made ready for prompts to its loss and ∂loss/∂prompt. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { copyModel } from '../copy-model.ts'
import { promptInput } from '../embedding-graft.ts'
import { continueGraph } from '../graph-builder.ts'
import type { ModelProto } from '../messages.ts'
import type { PromptedModel } from '../prompted-model.ts'
import { checkDifferentiable, type GradientCheck } from './check-differentiable.ts'
import { differentiate } from './differentiate.ts'
import { appendLossHead, type LossSettings } from './loss-head.ts'

export type PromptGradientGraph = {
  /**
   * Inputs: the model's own, `promptInput [m, e]`, `positionsInput [n, 2]`, and those of the loss: `labelsInput [n]` or
   * `distributionsInput [n, k]`, and where they count `candidatesInput [k]`.
   */
  readonly model: ModelProto
  /** Output: the mean cross entropy, without axes. */
  readonly loss: string
  /** Output: ∂loss/∂prompt `[m, e]`. */
  readonly gradient: string
}

/**
 * Adds the loss and its gradient; the prompted model stays as it is and can go on answering.
 * @param settings what the loss is of and among (see `appendLossHead`)
 * @throws AnchorageError `unsupported` when an operator has no gradient; all such nodes are named
 */
export function differentiateByPrompt(
  { model, head, path }: Pick<PromptedModel, 'model' | 'head' | 'path'>,
  settings: LossSettings
): PromptGradientGraph {
  const graph = continueGraph(copyModel(model))
  const loss = appendLossHead(graph, head.logits, settings)
  const differentiated = differentiate(graph.model, { loss, withRespectTo: [promptInput], name: path })
  return { model: differentiated.model, loss, gradient: differentiated.gradients[promptInput] }
}

/**
 * Whether gradients pass a prompted model: where every operator has a rule, the gradient is written out once, so that
 * what is promised is what tuning finds.
 */
export function checkPromptGradient(prompted: Pick<PromptedModel, 'model' | 'head' | 'path'>): GradientCheck {
  const { model, head } = prompted
  const check = checkDifferentiable(model, { loss: head.logits, withRespectTo: [promptInput] })
  if (check.obstacles.length > 0) return check
  try {
    differentiateByPrompt(prompted, { amongCandidates: false })
    return check
  } catch (error) {
    if (!(error instanceof AnchorageError)) throw error
    const { where = prompted.path, found, next = 'Use another export of the model.' } = error.detail
    const reason = found === undefined ? error.message : `${error.message} Found: ${found}.`
    return { ...check, obstacles: [{ node: where, operator: 'gradient', reason, next }] }
  }
}
