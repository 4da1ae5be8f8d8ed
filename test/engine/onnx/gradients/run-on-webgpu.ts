/**
 * Runs two cases of every rule on the provider webgpu in float32, and whole reference models, and prints how far
 * they are from central differences and from PyTorch, as JSON. A program of its own, because the Vulkan driver is chosen by the environment that a
 * process starts with.
 */

import { openSession } from '#engine/devices/session.ts'
import { differentiateByPrompt } from '#engine/onnx/gradients/prompt-gradient.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import { readReferenceModel } from '#engine/verify/reference-model.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { gradientCases } from './cases/all-cases.ts'
import { differencesOf, type GradientCase, gradientsOf } from './finite-differences.ts'

export type WebgpuResult = {
  readonly operator: string
  readonly title: string
  /** Largest difference over the largest element (plus one), or null where the run failed. */
  readonly difference: number | null
  readonly failure: string
}

async function tryCase(operator: string, gradientCase: GradientCase): Promise<WebgpuResult> {
  const { title, opsets } = gradientCase
  const opset = opsets.includes(17) ? 17 : opsets[0]
  try {
    const { weights, differences } = await differencesOf(gradientCase, opset)
    const settings = { declaration: 'numbers', type: 'float32', device: 'webgpu' } as const
    const gradients = await gradientsOf(gradientCase, opset, settings, weights)
    const relative = [...differences].map(([input, expected]) => {
      const found = gradients.get(input) ?? []
      const size = 1 + Math.max(...expected.map(Math.abs))
      return Math.max(...expected.map((value, at) => Math.abs(value - found[at]))) / size
    })
    return { operator, title, difference: Math.max(...relative), failure: '' }
  } catch (thrown) {
    return { operator, title, difference: null, failure: thrown instanceof Error ? String(thrown.cause) : '' }
  }
}

/** ∂loss/∂prompt of a reference model against PyTorch's. */
async function tryModel(family: string): Promise<WebgpuResult> {
  const { prompted, feeds, tensor } = await readReferenceModel(referenceModelFolder(family))
  const { model, gradient } = differentiateByPrompt(prompted, { amongCandidates: false })
  const settings = { device: 'webgpu', externalDataFolder: prompted.folder } as const
  const session = await openSession(encodeModel(model), settings)
  const answer = await session.run(feeds)
  const expected = tensor('prompt_grad').values
  const difference = largestDifference(Array.from(answer[gradient].data, Number), expected)
  await session.release()
  return {
    operator: 'model',
    title: family,
    difference: difference / Math.max(...expected.map(Math.abs)),
    failure: ''
  }
}

const results: WebgpuResult[] = []
for (const family of referenceFamilies) results.push(await tryModel(family))
for (const [operator, cases] of Object.entries(gradientCases)) {
  const runnable = cases.filter(({ opsets }) => opsets.length > 0)
  for (const gradientCase of runnable.slice(0, 2)) results.push(await tryCase(operator, gradientCase))
}
process.stdout.write(JSON.stringify(results))
