import { describe, expect, it } from 'vitest'
import { type AdamSettings, adamDefaults, createAdam } from '#engine/optimiser/adam.ts'
import { linearWarmupAndDecay } from '#engine/optimiser/schedule.ts'

/** Three steps of rate 0.05 on `(i + 1)·Σp² + p₀p₁` from a fixed start. */
function threeSteps(settings: AdamSettings): Float64Array {
  const parameters = Float64Array.of(0.5, -1, 2)
  const step = createAdam(3, settings)
  for (let i = 0; i < 3; i++) {
    const gradient = parameters.map((value) => 2 * (i + 1) * value)
    gradient[0] += parameters[1]
    gradient[1] += parameters[0]
    step(parameters, gradient, 0.05)
  }
  return parameters
}

describe('createAdam', () => {
  // PyTorch 1.13 in float64 (torch.optim.Adam, torch.optim.AdamW) and the update of transformers' AdamW.
  it.each([
    ['Adam', adamDefaults, [0.420872931266037, -0.854701617654433, 1.853491631216801]],
    [
      'AdamW',
      { ...adamDefaults, weightDecay: 0.1, epsilon: 1e-6 },
      [0.413572129290847, -0.840436588169973, 1.824311684755655]
    ],
    [
      'without bias correction',
      { ...adamDefaults, biasCorrection: false, epsilon: 1e-6 },
      [0.129367017538438, -0.393633202849283, 1.393802183345273]
    ]
  ])('%s takes the steps of PyTorch to 1e-12', (_, settings, expected) => {
    const parameters = threeSteps(settings)
    for (const [i, value] of expected.entries()) expect(Math.abs(parameters[i] - value)).toBeLessThan(1e-12)
  })
})

describe('linearWarmupAndDecay', () => {
  it('rises over the warm-up and falls to zero at the end', () => {
    const rates = [0, 1, 2, 6, 10, 11].map((step) => linearWarmupAndDecay(step, 2, 10))
    expect(rates).toEqual([0, 0.5, 1, 0.5, 0, 0])
  })

  it('starts at the full rate without a warm-up', () => {
    expect(linearWarmupAndDecay(0, 0, 10)).toBe(1)
  })
})
