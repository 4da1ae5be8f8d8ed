/** What tuning needs of a model beside its answers: the loss of a batch and its gradient. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Batch } from '#engine/language-model/batches.ts'

export type LossAndGradient = {
  /** Mean cross entropy at the answer positions. */
  readonly loss: number
  /** ∂loss/∂prompt, `[m·e]`. */
  readonly gradient: Float32Array
}

/** What belongs at each row's answer position: a token, `[n]`, or probabilities of the candidates, `[n, k]`. */
export type Answers =
  | { readonly kind: 'labels'; readonly tokens: Int32Array }
  | { readonly kind: 'distributions'; readonly probabilities: Float32Array }

export type PromptGradient = {
  /**
   * @param answers of the kind that the gradient was opened for
   * @param candidates token ids that the loss is among, the labels included, or that distributions are over, where the
   * gradient was opened so; else null
   */
  readonly lossAndGradient: (
    batch: Batch,
    answers: Answers,
    prompt: Matrix,
    candidates: Int32Array | null
  ) => Promise<LossAndGradient>
  readonly release: () => Promise<void>
}
