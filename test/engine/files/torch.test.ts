import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listTensors } from '#engine/files/list-tensors.ts'
import { describeWithSharedData, sharedDataPath } from '#test/support/shared-data.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/torch')
const layouts = ['zip', 'legacy']

async function read(
  path: string
): Promise<Map<string, { dtype: string; shape: number[]; values: number[] }>> {
  const found = new Map<string, { dtype: string; shape: number[]; values: number[] }>()
  for (const tensor of await listTensors(path)) {
    const { name, dtype, shape } = tensor
    found.set(name, { dtype, shape: [...shape], values: [...(await tensor.read())] })
  }
  return found
}

/** `0, 1/8, 2/8, …` in elements from `start` on, as the fixtures hold. */
function eighths(...indices: number[]): number[] {
  return indices.map((index) => index / 8)
}

describe.each(layouts)('a torch file in the %s layout', (layout) => {
  const fixture = (name: string) => join(fixtures, `${name}.${layout}.pt`)

  it('holds tensors of every type, views and shared storages', async () => {
    const state = await read(fixture('state'))
    const whole = eighths(...Array.from({ length: 24 }, (_, i) => i))
    expect(state.get('embeddings.weight')).toEqual({ dtype: 'F32', shape: [6, 4], values: whole })
    expect(state.get('tied.weight')?.values).toEqual(whole)
    expect(state.get('rows.2.to.4')).toEqual({ dtype: 'F32', shape: [2, 4], values: whole.slice(8, 16) })
    const transposed = eighths(...[0, 1, 2, 3].flatMap((j) => [0, 1, 2, 3, 4, 5].map((i) => i * 4 + j)))
    expect(state.get('transposed')).toEqual({ dtype: 'F32', shape: [4, 6], values: transposed })
    expect(state.get('every.other.column')?.values).toEqual(
      eighths(...[0, 1, 2, 3, 4, 5].flatMap((i) => [4 * i + 1, 4 * i + 3]))
    )
    expect(state.get('parameter')).toEqual({ dtype: 'F32', shape: [2, 3], values: eighths(0, 1, 2, 3, 4, 5) })
    for (const [name, dtype] of [
      ['half', 'F16'],
      ['brain', 'BF16'],
      ['double', 'F64']
    ]) {
      expect(state.get(name), name).toEqual({ dtype, shape: [3, 2], values: eighths(0, 1, 2, 3, 4, 5) })
    }
    expect(state.get('position_ids')).toEqual({ dtype: 'I64', shape: [1, 5], values: [0, 1, 2, 3, 4] })
    expect(state.get('flag')?.values).toEqual([1, 0])
    expect(state.get('scalar')).toEqual({ dtype: 'F32', shape: [], values: [2.5] })
    expect(state.get('empty')).toEqual({ dtype: 'F32', shape: [0, 4], values: [] })
    expect(state.get('special')?.values).toEqual([NaN, Infinity, -0])
  })

  it('names tensors in nested dictionaries and lists by their keys', async () => {
    const nested = await read(fixture('nested'))
    expect([...nested.keys()]).toEqual(['model.encoder.weight', 'list.0'])
    expect(nested.get('model.encoder.weight')?.values).toEqual(eighths(0, 1, 2, 3))
  })

  it('holds a bare tensor, or the state of a module', async () => {
    expect((await read(fixture('bare'))).get('tensor')?.shape).toEqual([3, 4])
    expect((await read(fixture('module'))).get('embedding.weight')?.values).toEqual(eighths(0, 1, 2, 3, 4, 5))
  })

  it('is refused when it asks to run something', async () => {
    const refusal = { code: 'file-unsafe', detail: { found: 'posix.system' } }
    await expect(listTensors(fixture('attack'))).rejects.toMatchObject(refusal)
    expect(existsSync('/tmp/anchorage-was-attacked')).toBe(false)
  })

  it('is refused for a tensor far larger than its storage', async () => {
    const [tensor] = await listTensors(fixture('expanded'))
    await expect(tensor.read()).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('is refused wherever it is cut off', async () => {
    const whole = await readFile(fixture('bare'))
    const path = join(await temporaryFolder(), 'cut.pt')
    for (let length = 0; length < whole.length - 1; length += 7) {
      await writeFile(path, whole.subarray(0, length))
      await expect(listTensors(path), `${length} bytes`).rejects.toMatchObject({ code: 'file-malformed' })
    }
  })
})

describe('torch files', () => {
  it('are read in pickle protocol 4', async () => {
    const bare = await read(join(fixtures, 'protocol-4.zip.pt'))
    expect(bare.get('tensor')?.values).toEqual(eighths(...Array.from({ length: 12 }, (_, i) => i)))
  })

  it.each(['short-storage.zip.pt', 'deflated.zip.pt'])('are refused as %s', async (name) => {
    await expect(listTensors(join(fixtures, name))).rejects.toMatchObject({ code: 'file-malformed' })
  })

  it('are refused as a bare malicious pickle', async () => {
    const refusal = { code: 'file-unsafe', message: expect.stringContaining('posix.system') }
    await expect(listTensors(join(fixtures, 'attack.pickle'))).rejects.toMatchObject(refusal)
  })

  it('of other formats are refused with what they are', async () => {
    const path = join(await temporaryFolder(), 'model')
    await writeFile(path, 'GGUF\x03\0\0\0')
    await expect(listTensors(path)).rejects.toMatchObject({ code: 'file-malformed' })
    await writeFile(path, 'version https://git-lfs.github.com/spec/v1\n')
    await expect(listTensors(path)).rejects.toMatchObject({ message: expect.stringContaining('Git LFS') })
    await expect(listTensors(`${path}.no`)).rejects.toMatchObject({ code: 'file-not-found' })
    await expect(listTensors(fixtures)).rejects.toMatchObject({ code: 'file-unreadable' })
  })
})

describeWithSharedData('prompts that others made with torch', () => {
  const files: [string, number[]][] = [
    ['thunlp/SST2PromptBert/task_prompt', [100, 768]],
    ['thunlp/SST2PromptRobertaLarge/task_prompt', [100, 1024]],
    ['thunlp/SST2PromptT5Small/task_prompt', [100, 512]],
    ['bloom_sentiment_1/decoder.pt', [8, 1024]],
    ['tinyllama_peft_adapter_raw/adapter_model.bin', [8, 64]]
  ]
  it.each(files)('%s', async (file, shape) => {
    const [tensor] = await listTensors(sharedDataPath('prompts', file))
    expect(tensor.shape).toEqual(shape)
    expect((await tensor.read()).every(Number.isFinite)).toBe(true)
  })

  it('gives the same numbers from .bin and .safetensors', async () => {
    const [torch] = await listTensors(sharedDataPath('prompts/tinyllama_peft_adapter_raw/adapter_model.bin'))
    const [safe] = await listTensors(
      sharedDataPath('prompts/tinyllama_peft_adapter/adapter_model.safetensors')
    )
    expect(await torch.read()).toEqual(await safe.read())
  })
})
