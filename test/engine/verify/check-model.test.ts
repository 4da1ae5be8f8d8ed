import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ModelCheck } from '#engine/common/contract/verify.ts'
import { checkModel } from '#engine/verify/check-model.ts'
import { findReferenceModels } from '#engine/verify/verify-models.ts'
import { checkedFamilies, writeCheckedModel } from '#test/support/checked-models.ts'
import { tableAlone } from '#test/support/model-folder.ts'
import { floatTensor, writeSafetensors } from '#test/support/safetensors-file.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** `table right, query refused, …`. */
function verdictsOf({ parts }: ModelCheck): string[] {
  return parts.map(({ part, verdict }) => `${part} ${verdict}`)
}

test.each(checkedFamilies)('%s is right in its table, answers, loss and gradient', async (family) => {
  const folder = join(await temporaryFolder(), family)
  await writeCheckedModel(family, folder)
  const check = await checkModel(folder)
  expect(check).toMatchObject({ family, verdict: 'right' })
  const compared = check.parts.flatMap(({ comparisons }) => comparisons)
  expect(compared.map(({ what }) => what)).toEqual(['table', 'answers', 'loss', 'gradient'])
})

describe('a number that is not PyTorch’s', () => {
  test.each([
    ['table', 'table', 0.01],
    ['answers', 'answers', 0.5],
    ['loss', 'loss', 1e-3],
    ['gradient', 'gradient', 1],
    // Rows of the prompt stand in the ids: another one is another model's input.
    ['prompt', 'answers', 1]
  ])('in %s is found in %s', async (tensor, what, by) => {
    const folder = join(await temporaryFolder(), 'changed')
    await writeCheckedModel('bert', folder, (numbers) => {
      numbers[tensor].values[0] += by
    })
    const { verdict, parts } = await checkModel(folder)
    expect(verdict).toBe('differs')
    const differing = parts.flatMap(({ comparisons }) => comparisons.filter(({ agrees }) => !agrees))
    expect(differing.map((row) => row.what)).toContain(what)
  })

  test('or is none at all, is a difference without a number', async () => {
    const folder = join(await temporaryFolder(), 'changed')
    await writeCheckedModel('bert', folder, (numbers) => {
      numbers['loss'].values[0] = Number.NaN
    })
    const { verdict, parts } = await checkModel(folder)
    expect(verdict).toBe('differs')
    expect(parts[2].comparisons[0]).toMatchObject({ what: 'loss', largestDifference: null, agrees: false })
  })

  test('of another vocabulary is a failure that says so', async () => {
    const folder = join(await temporaryFolder(), 'changed')
    await writeCheckedModel('bert', folder, (numbers) => {
      numbers['answers'] = { shape: [1, 3], values: new Float32Array(3) }
    })
    const check = await checkModel(folder)
    expect(verdictsOf(check)).toEqual(['table right', 'query failed', 'tune right'])
    expect(check.parts[1].error).toMatchObject({ where: 'answers', found: '3 in the reference' })
  })
})

describe('what can’t be compared is refused, and the rest compared', () => {
  test('a model without a graph: its table alone', async () => {
    const folder = await tableAlone()
    const values = Array.from({ length: 32 }, (_, i) => Math.cos(i))
    await writeSafetensors(join(folder, 'reference.safetensors'), { table: floatTensor([8, 4], values) })
    const check = await checkModel(folder)
    expect(verdictsOf(check)).toEqual(['table right', 'query refused', 'tune refused'])
    expect(check.verdict).toBe('refused')
  })

  test('a folder that is no model, for every part', async () => {
    const folder = await temporaryFolder()
    await writeSafetensors(join(folder, 'reference.safetensors'), { table: floatTensor([1, 1], [1]) })
    const check = await checkModel(folder)
    expect(verdictsOf(check)).toEqual(['table refused', 'query refused', 'tune refused'])
    expect(check.parts[0].error).toMatchObject({ found: 'no config.json' })
  })

  test('a graph that onnxruntime can’t open is a failure, not a refusal', async () => {
    const folder = join(await temporaryFolder(), 'damaged')
    await writeCheckedModel('bert', folder)
    await writeFile(join(folder, 'onnx', 'model.onnx'), 'not a graph')
    expect((await checkModel(folder)).verdict).not.toMatch(/^right/)
  })
})

test('models are found at any depth, in the order of their paths', async () => {
  const folder = await temporaryFolder()
  await writeCheckedModel('bert', join(folder, 'b'))
  await writeCheckedModel('gpt2', join(folder, 'a', 'deep'))
  await writeCheckedModel('gpt2', join(folder, 'c'))
  await rm(join(folder, 'c', 'reference.safetensors'))
  expect(await findReferenceModels(folder)).toEqual([join(folder, 'a', 'deep'), join(folder, 'b')])
})
