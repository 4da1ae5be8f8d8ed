import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyModels } from '#engine/verify/verify-models.ts'
import { referenceFolder, referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

test('every reference model agrees in table, logits, prompted logits, loss and gradient', async () => {
  const rows = await verifyModels(referenceFolder)
  expect(rows).toHaveLength(20)
  expect(rows.filter(({ agrees }) => !agrees)).toEqual([])
})

/** Replaces the first value of a float32 tensor in a safetensors file. */
async function changeFirstValue(path: string, tensor: string, value: number): Promise<void> {
  const bytes = await readFile(path)
  const headerLength = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength))
  bytes.writeFloatLE(value, 8 + headerLength + header[tensor].data_offsets[0])
  await writeFile(path, bytes)
}

test.each([
  ['word_embeddings', 'embedding table'],
  ['logits', 'logits'],
  ['prompted_logits', 'prompted logits'],
  ['loss', 'loss'],
  ['prompt_grad', 'gradient by the prompt, relative']
])('another value in %s is found', async (tensor, what) => {
  const folder = await temporaryFolder()
  const changed = join(folder, 'models', 'changed')
  await cp(referenceModelFolder('bert'), changed, { recursive: true })
  await changeFirstValue(join(changed, 'reference.safetensors'), tensor, 12)
  const rows = await verifyModels(folder)
  expect(rows.filter(({ agrees }) => !agrees).map((row) => row.what)).toEqual([`changed: ${what}`])
})

test('a folder without models is refused', async () => {
  await expect(verifyModels(await temporaryFolder())).rejects.toMatchObject({ code: 'file-not-found' })
})
