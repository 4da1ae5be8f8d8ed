/** Where the weights of a graph come from: the tensors of a checkpoint, or values in memory that are trained. */
import type { TensorProto } from '#engine/onnx/messages.ts'

/** How a weight of a model in training starts: `normal` around 0, `one` and `zero` for scales and biases. */
export type WeightStart = 'normal' | 'one' | 'zero'

export type WeightSource = {
  /** Whether there is a weight of this name. */
  readonly has: (name: string) => boolean
  /**
   * The weight as an initializer of the graph.
   * @param dims its sizes
   * @throws AnchorageError `not-found` without one, `mismatch` for one of other sizes
   */
  readonly initializer: (name: string, dims: readonly number[], start: WeightStart) => TensorProto
  /** How matrices of linear layers lie: `[out, in]` as PyTorch has them, or `[in, out]` as a product takes them. */
  readonly matrices: 'out-in' | 'in-out'
}
