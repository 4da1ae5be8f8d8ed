/** What tuning needs of a model beside its answers: the loss of a batch and its gradient. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Batch } from '#engine/language-model/batches.ts'

export type LossAndGradient = {
  /** Mean cross entropy at the answer positions. */
  readonly loss: number
  /** ∂loss/∂prompt, `[m·e]`. */
  readonly gradient: Float32Array
}

export type PromptGradient = {
  /**
   * @param labels `[n]`: the token that belongs at each row's answer position
   * @param candidates token ids that the loss is among, the labels included, where the gradient was opened so;
   * null: the loss is over the whole vocabulary
   */
  readonly lossAndGradient: (
    batch: Batch,
    labels: Int32Array,
    prompt: Matrix,
    candidates: Int32Array | null
  ) => Promise<LossAndGradient>
  readonly release: () => Promise<void>
}
