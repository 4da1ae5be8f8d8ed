/**
 * Loss and ∂loss/∂prompt of whole models against PyTorch's autograd: the loss to 1e-5, the gradient to 1e-4 of
 * its largest element. The models beside the tests, and a second set with other sizes and operator sets (11 and
 * 17) that PyTorch makes on the spot where it is installed.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import { candidatesInput, distributionsInput, labelsInput } from '#engine/onnx/gradients/loss-head.ts'
import { differentiateByPrompt } from '#engine/onnx/gradients/prompt-gradient.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { type ReferenceModel, readReferenceModel } from '#engine/verify/reference-model.ts'
import { moreModels, referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

function floats(tensor: Tensor): Float32Array {
  if (tensor.type !== 'float32') throw new TypeError(`expected float32, got ${tensor.type}`)
  return tensor.data
}

/** Runs the tuning step of a model on its reference batch. */
async function step({ prompted, feeds }: ReferenceModel, candidates?: readonly number[]) {
  const { model, loss, gradient } = differentiateByPrompt(prompted, {
    amongCandidates: candidates !== undefined
  })
  const session = await openSession(encodeModel(model), {
    device: 'cpu',
    externalDataFolder: prompted.folder
  })
  const ids = BigInt64Array.from(candidates ?? [], BigInt)
  const answer = await session.run({
    ...feeds,
    ...(candidates && { [candidatesInput]: { type: 'int64', dims: [candidates.length], data: ids } })
  })
  await session.release()
  return { loss: floats(answer[loss])[0], gradient: floats(answer[gradient]) }
}

async function expectAgreement(folder: string): Promise<void> {
  const reference = await readReferenceModel(folder)
  const { loss, gradient } = await step(reference)
  expect(Math.abs(loss - reference.tensor('loss').values[0])).toBeLessThan(1e-5)
  const expected = reference.tensor('prompt_grad').values
  const largest = Math.max(...expected.map(Math.abs))
  expect(largestDifference(gradient, expected) / largest).toBeLessThan(1e-4)
}

describe('the gradient by the prompt', () => {
  test.each(referenceFamilies)('agrees with PyTorch for %s', (family) =>
    expectAgreement(referenceModelFolder(family))
  )

  test.each(['llama', 'distilbert'])(
    'agrees with PyTorch for %s: empty caches, rotary positions, grouped queries, filled masks',
    (family) => expectAgreement(referenceModelFolder(family, moreModels))
  )

  const generator = join(import.meta.dirname, '../../../../../shared/reference/make_reference.py')
  const python = '/usr/bin/python3'
  const hasTorch = existsSync(generator) && spawnSync(python, ['-c', 'import torch']).status === 0
  if (!hasTorch)
    process.stderr.write(`no second set of models: ${python} with torch or ${generator} is missing\n`)

  test.skipIf(!hasTorch)(
    'agrees with PyTorch for other sizes, depths and operator sets',
    async () => {
      const folder = await temporaryFolder()
      execFileSync(python, [generator, folder, '--seed', '5', '--variant', 'heldout'], { stdio: 'ignore' })
      for (const family of referenceFamilies) await expectAgreement(referenceModelFolder(family, folder))
    },
    180_000
  )

  test('over all tokens as candidates is that over the vocabulary', async () => {
    const reference = await readReferenceModel(referenceModelFolder('bert'))
    const everyToken = Array.from({ length: reference.prompted.graft.vocabularySize }, (_, id) => id)
    const [whole, listed] = [await step(reference), await step(reference, everyToken)]
    expect(listed.loss).toBeCloseTo(whole.loss, 6)
    expect(largestDifference(listed.gradient, whole.gradient)).toBeLessThan(1e-7)
  })

  test('over chosen tokens agrees with central differences of the loss', async () => {
    const reference = await readReferenceModel(referenceModelFolder('albert'))
    const labels = [...reference.tensor('labels').values]
    const candidates = [...new Set([...labels, 7, 8, 9])]
    const { gradient, loss } = await step(reference, candidates)
    expect(loss).toBeLessThan((await step(reference)).loss)
    const { shape, values } = reference.tensor('prompt')
    const h = 1e-2
    const lossAt = async (index: number, change: number) => {
      const data = Float32Array.from(values).map((value, at) => (at === index ? value + change : value))
      const feeds = { ...reference.feeds, anchorage_prompt: { type: 'float32' as const, dims: shape, data } }
      return (await step({ ...reference, feeds }, candidates)).loss
    }
    for (const index of [0, 5, 17, 40]) {
      const difference = ((await lossAt(index, h)) - (await lossAt(index, -h))) / (2 * h)
      expect(gradient[index]).toBeCloseTo(difference, 3)
    }
  })

  test('of distributions that are certain is that of labels', async () => {
    const reference = await readReferenceModel(referenceModelFolder('bert'))
    const labels = [...reference.tensor('labels').values]
    const candidates = [...new Set([...labels, 7, 8, 9])]
    const labelled = await step(reference, candidates)
    const { model, loss, gradient } = differentiateByPrompt(reference.prompted, {
      amongCandidates: true,
      distributions: true
    })
    const session = await openSession(encodeModel(model), {
      device: 'cpu',
      externalDataFolder: reference.prompted.folder
    })
    const certain = labels.flatMap((label) => candidates.map((candidate) => (candidate === label ? 1 : 0)))
    const dims = [labels.length, candidates.length]
    const { [labelsInput]: _, ...feeds } = reference.feeds
    const answer = await session.run({
      ...feeds,
      [candidatesInput]: {
        type: 'int64',
        dims: [candidates.length],
        data: BigInt64Array.from(candidates, BigInt)
      },
      [distributionsInput]: { type: 'float32', dims, data: Float32Array.from(certain) }
    })
    await session.release()
    expect(floats(answer[loss])[0]).toBeCloseTo(labelled.loss, 6)
    expect(largestDifference(floats(answer[gradient]), labelled.gradient)).toBeLessThan(1e-6)
  })

  test('is refused with every obstacle when operators have none', async () => {
    const { prompted } = await readReferenceModel(referenceModelFolder('bert'))
    const node = prompted.model.graph.node.map((original) =>
      original.opType === 'Erf' ? { ...original, domain: 'com.microsoft', opType: 'BiasSoftmax' } : original
    )
    const model = { ...prompted.model, graph: { ...prompted.model.graph, node } }
    expect(() => differentiateByPrompt({ ...prompted, model }, { amongCandidates: false })).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        detail: expect.objectContaining({
          where: prompted.path,
          found: expect.stringContaining(
            "node /Erf: com.microsoft.BiasSoftmax is not one of ONNX's own operators"
          ),
          next: expect.stringContaining('onnx/model.onnx')
        })
      })
    )
  })
})
