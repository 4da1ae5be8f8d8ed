/**
 * Adam (Kingma and Ba, 2015) with decoupled weight decay (AdamW, Loshchilov and Hutter, 2019), for the paper's
 * search and for prompt tuning. State is float64; the parameters are changed in place.
 */

export type AdamSettings = {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
  /** Without it the first steps are larger (`correct_bias=False`, as OptiPrompt trains). */
  readonly biasCorrection: boolean
}

/** The defaults of `torch.optim.Adam`. */
export const adamDefaults: AdamSettings = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  biasCorrection: true
}

/** Takes one step: `parameters` moves against `gradient`, both `[n]`. */
export type AdamStep = (
  parameters: Float64Array | Float32Array,
  gradient: Float64Array | Float32Array,
  learningRate: number
) => void

/** An optimiser for `size` parameters, with its own moments and step count. */
export function createAdam(size: number, settings: AdamSettings = adamDefaults): AdamStep {
  const { beta1, beta2, epsilon, weightDecay, biasCorrection } = settings
  const mean = new Float64Array(size)
  const square = new Float64Array(size)
  let steps = 0
  return (parameters, gradient, learningRate) => {
    steps++
    const meanScale = biasCorrection ? 1 / (1 - beta1 ** steps) : 1
    const squareScale = biasCorrection ? 1 / (1 - beta2 ** steps) : 1
    for (let i = 0; i < size; i++) {
      mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i]
      square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] * gradient[i]
      const step = (mean[i] * meanScale) / (Math.sqrt(square[i] * squareScale) + epsilon)
      parameters[i] -= learningRate * (step + weightDecay * parameters[i])
    }
  }
}
