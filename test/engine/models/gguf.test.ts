/** GGUF files as models: block formats, whole models of every family, and tokenizers, beside what Python makes of them. */
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import { openModel } from '#engine/models/open-model.ts'
import { checkModel } from '#engine/verify/check-model.ts'
import { largestDifference, readReference, referenceTensor } from '#test/support/safetensors.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/gguf')
const entries = await readdir(fixtures, { withFileTypes: true })
const families = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)

describe('blocks of few bits', async () => {
  const expected = await readReference(join(fixtures, 'blocks.safetensors'))
  it.each([...expected.keys()])('%s are the numbers of the gguf package', async (name) => {
    const tensors = await listTensors(join(fixtures, 'blocks.gguf'))
    const tensor = tensors.find((candidate) => candidate.name === name)
    expect(tensor?.dtype).toBe(name)
    expect(tensor?.shape).toEqual([2, 512])
    const values = (await tensor?.read()) ?? []
    // The same operations in float32, in the same order.
    expect(largestDifference(values, referenceTensor(expected, name).values)).toBe(0)
  })
})

describe('a GGUF file', () => {
  it.each(families)('of %s gives PyTorch’s table, answers, loss and gradient to 1e-4', async (family) => {
    const { parts } = await checkModel(join(fixtures, family))
    expect(parts.flatMap(({ error }) => error ?? [])).toEqual([])
    for (const { comparisons } of parts) {
      for (const { what, largestDifference } of comparisons) {
        expect(largestDifference ?? Number.NaN, what).toBeLessThan(1e-4)
      }
    }
  })

  it('may stand in the place of its folder, and says what a query takes', async () => {
    const file = join(fixtures, 'llama/model.gguf')
    const { report } = await openModel({ folder: file })
    expect(report).toMatchObject({
      name: 'model',
      family: 'llama',
      kind: 'causal',
      graph: { file: 'model.gguf', note: expect.stringMatching(/written .* GB of memory/) },
      table: { tensor: 'model.embed_tokens.weight', dtype: 'F16', shape: [96, 32] },
      tokenizer: { kind: 'BPE', files: ['model.gguf'] }
    })
    expect(report).toEqual({
      ...(await openModel({ folder: join(fixtures, 'llama') })).report,
      name: 'model',
      folder: file
    })
  })

  it('is asked for by name where there are several', async () => {
    const folder = await temporaryFolder()
    await cp(join(fixtures, 'llama/model.gguf'), join(folder, 'a.gguf'))
    await cp(join(fixtures, 'qwen2/model.gguf'), join(folder, 'b.gguf'))
    await expect(openModel({ folder })).rejects.toMatchObject({ code: 'needs-choice' })
    expect((await openModel({ folder, weights: 'b.gguf' })).report.family).toBe('qwen2')
  })

  it('cuts text into tokens by pieces or by bytes', async () => {
    const pieces = (await openModel({ folder: join(fixtures, 'llama') })).tokenizer
    const stored = (ids: number[], { vocabulary }: typeof pieces) =>
      ids.map((id) => vocabulary.byId.get(id)?.stored)
    expect(stored(pieces.encodeWithSpecials('is in a'), pieces)).toEqual(['<s>', '▁is', '▁in', '▁a'])
    const bytes = (await openModel({ folder: join(fixtures, 'gpt2') })).tokenizer
    expect(stored(bytes.encodeWithSpecials('in a'), bytes)).toEqual(['in', 'Ġa'])
  })

  it.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
    ['a file that ends in the header', (bytes) => bytes.subarray(0, 1000), /damaged|ends/],
    ['an impossible count', (bytes) => bytes.fill(0xff, 16, 24), /damaged/],
    ['another version', (bytes) => bytes.fill(9, 4, 5), /version 9/],
    ['values that are not there', (bytes) => bytes.subarray(0, 9000), /damaged|too early/]
  ])('%s is refused', async (_, damage, expected) => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'model.gguf'), damage(await readFile(join(fixtures, 'llama/model.gguf'))))
    const error = await openModel({ folder }).catch((thrown: unknown) => thrown)
    if (!(error instanceof AnchorageError)) throw error
    expect(`${error.message} ${error.detail.found}`).toMatch(expected)
  })
})
