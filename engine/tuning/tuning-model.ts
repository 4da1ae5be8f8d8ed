/** What tuning needs of a model beside its answers: the loss of a batch and its gradient. */
import type { Matrix } from '../contract/matrix.ts'
import type { Batch } from '../language-model/batches.ts'

export type LossAndGradient = {
  /** Mean cross entropy at the answer positions. */
  readonly loss: number
  /** ∂loss/∂prompt, `[m·e]`. */
  readonly gradient: Float32Array
}

export type PromptGradient = {
  /** @param labels `[n]`: the token that belongs at each row's answer position */
  readonly lossAndGradient: (batch: Batch, labels: Int32Array, prompt: Matrix) => Promise<LossAndGradient>
  readonly release: () => Promise<void>
}
