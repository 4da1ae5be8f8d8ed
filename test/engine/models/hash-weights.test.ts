/** What a model computes with, as one fingerprint: against one-shot hashes of its files. */
import { createHash } from 'node:crypto'
import {
  appendFile,
  cp,
  mkdir,
  open,
  readFile,
  rename,
  stat,
  symlink,
  utimes,
  writeFile
} from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { FileHash } from '#engine/common/contract/models.ts'
import { openModel } from '#engine/models/open-model.ts'
import { decodeModel } from '#engine/onnx/model-proto.ts'
import { writeWithExternalData } from '#test/support/external-data.ts'
import { tokens } from '#test/support/model-folder.ts'
import { copyWithOtherWeights } from '#test/support/other-weights.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { rewrittenCheckpoint } from '#test/support/rewritten-checkpoint.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const bert = referenceModelFolder('bert')

/** As a process that was just started. */
async function freshHasher() {
  vi.resetModules()
  return (await import('#engine/models/hash-weights.ts')).hashWeights
}
let hashWeights: Awaited<ReturnType<typeof freshHasher>>
beforeEach(async () => {
  hashWeights = await freshHasher()
})

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

async function weightsOf(folder: string): Promise<string> {
  return (await hashWeights({ folder }, [])).weights
}

/** A copy of tiny-bert whose weights lie beside its graph, in a file of some pieces. */
async function withExternalData(): Promise<{ folder: string; data: string }> {
  const folder = join(await temporaryFolder(), 'bert')
  await cp(bert, folder, { recursive: true })
  const graph = join(folder, 'onnx', 'model.onnx')
  const model = decodeModel(await readFile(graph), graph)
  await writeWithExternalData(model, join(folder, 'onnx'), 'model.onnx_data')
  const data = join(folder, 'onnx', 'model.onnx_data')
  await appendFile(data, Buffer.alloc(9 * 2 ** 20, 1))
  return { folder, data }
}

async function changeByte(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+')
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, offset)
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, offset)
  await file.close()
}

/** The bytes that a call reads. */
async function bytesRead(folder: string, known: readonly FileHash[] = []): Promise<number> {
  const heard: Progress[] = []
  await hashWeights({ folder }, known, { onProgress: (progress) => heard.push(progress) })
  return heard.at(-1)?.done ?? 0
}

describe('the weights of a model', () => {
  it('are the hashes of the graph and its external data, in the order in which it names them', async () => {
    const { folder, data } = await withExternalData()
    const files = [join(folder, 'onnx', 'model.onnx'), data]
    const hashes = await Promise.all(files.map(sha256))
    const found = await hashWeights({ folder }, [])
    expect(found.files.map((file) => [file.path, file.sha256])).toEqual(
      files.map((path, index) => [path, hashes[index]])
    )
    const lines = hashes.map((hash) => `${hash}\n`).join('')
    expect(found.weights).toBe(createHash('sha256').update(lines).digest('hex'))
  })

  it('are config.json and the files of weights where the graph is written', async () => {
    const folder = await rewrittenCheckpoint('bert', {})
    await writeFile(join(folder, 'vocab.txt'), `${tokens.join('\n')}\n`)
    expect((await openModel({ folder })).report.graph.file).toBe('model.safetensors')
    const { files, weights } = await hashWeights({ folder }, [])
    expect(files.map(({ path }) => path)).toEqual([
      join(folder, 'config.json'),
      join(folder, 'model.safetensors')
    ])
    await writeFile(join(folder, 'README.md'), 'something else')
    expect(await weightsOf(folder)).toBe(weights)
    await appendFile(join(folder, 'config.json'), ' ')
    expect(await weightsOf(folder)).not.toBe(weights)
  })

  it('are a GGUF file, which holds the settings too', async () => {
    const folder = join(import.meta.dirname, '../../fixtures/gguf/llama')
    const { files } = await hashWeights({ folder }, [])
    expect(files.map(({ path, sha256: hash }) => [path, hash])).toEqual([
      [join(folder, 'model.gguf'), await sha256(join(folder, 'model.gguf'))]
    ])
  })

  it('are both graphs of an encoder and its decoder', async () => {
    const folder = join(await temporaryFolder(), 'halves')
    await cp(bert, folder, { recursive: true })
    const encoder = join(folder, 'onnx', 'encoder_model.onnx')
    const decoder = join(folder, 'onnx', 'decoder_model.onnx')
    await rename(join(folder, 'onnx', 'model.onnx'), encoder)
    await copyWithOtherWeights(bert, join(folder, 'other'))
    await cp(join(folder, 'other', 'onnx', 'model.onnx'), decoder)
    const { files, weights } = await hashWeights({ folder }, [])
    expect(files.map(({ path }) => path)).toEqual([encoder, decoder])
    await cp(encoder, decoder)
    expect(await weightsOf(folder)).not.toBe(weights)
  })

  it('tell a copy with other tensors outside the table from the model, which table and tokenizer do not', async () => {
    const copy = join(await temporaryFolder(), 'copy')
    expect(await copyWithOtherWeights(bert, copy)).toBeGreaterThan(10)
    const [a, b] = [await openModel({ folder: bert }), await openModel({ folder: copy })]
    expect(b.report.fingerprint).toEqual(a.report.fingerprint)
    expect(await weightsOf(copy)).not.toBe(await weightsOf(bert))
  })

  it('are the same in another folder, and in the Hugging Face cache', async () => {
    const { folder } = await withExternalData()
    const weights = await weightsOf(folder)
    const moved = join(await temporaryFolder(), 'moved')
    await rename(folder, moved)
    expect(await weightsOf(moved)).toBe(weights)
    const repository = join(await temporaryFolder(), 'models--tiny--bert')
    const [snapshot, blobs] = [join(repository, 'snapshots', 'abc'), join(repository, 'blobs')]
    await mkdir(join(snapshot, 'onnx'), { recursive: true })
    await mkdir(blobs)
    const plain = join(await temporaryFolder(), 'plain')
    await cp(bert, plain, { recursive: true })
    for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx']) {
      await cp(join(plain, file), join(blobs, file.replace('/', '-')))
      await symlink(join(blobs, file.replace('/', '-')), join(snapshot, file))
    }
    expect(await weightsOf(snapshot)).toBe(await weightsOf(plain))
  })

  it('change with one byte of external data', async () => {
    const { folder, data } = await withExternalData()
    const { weights, files, changedAt } = await hashWeights({ folder }, [])
    await changeByte(data, 5000)
    const after = await hashWeights({ folder }, files)
    expect(after.weights).not.toBe(weights)
    expect(after.changedAt).toBeGreaterThan(changedAt)
  })

  it('change with a byte where the time of change is set back', async () => {
    const { folder, data } = await withExternalData()
    const time = new Date(2020, 1, 1)
    await utimes(data, time, time)
    const { weights, files } = await hashWeights({ folder }, [])
    await changeByte(data, 5000)
    await utimes(data, time, time)
    expect((await hashWeights({ folder }, files)).weights).not.toBe(weights)
  })
})

describe('a file', () => {
  it('is not read again while its size, time of change and inode stand, by this process or the next', async () => {
    const { folder, data } = await withExternalData()
    const first = await hashWeights({ folder }, [])
    const sizes = first.files.map(({ size }) => size)
    expect(await bytesRead(folder)).toBe(0)
    hashWeights = await freshHasher()
    expect(await bytesRead(folder, first.files)).toBe(0)
    hashWeights = await freshHasher()
    expect(await bytesRead(folder)).toBe(sizes.reduce((sum, size) => sum + size, 0))
    await utimes(data, new Date(), new Date(2020, 1, 1))
    expect(await bytesRead(folder, first.files)).toBe(sizes[1])
    // A file of the same size and time in its place is another one by its inode.
    const { mtime } = await stat(data)
    await cp(data, `${data}.copy`)
    await utimes(`${data}.copy`, mtime, mtime)
    await rename(`${data}.copy`, data)
    expect(await bytesRead(folder, first.files)).toBe(sizes[1])
  })

  it('is read once by two who ask at the same time', async () => {
    const { folder } = await withExternalData()
    const [a, b] = await Promise.all([hashWeights({ folder }, []), hashWeights({ folder }, [])])
    expect(a).toEqual(b)
    expect(await bytesRead(folder)).toBe(0)
  })

  it('leaves the thread free between pieces, and tells how far it is', async () => {
    const { folder } = await withExternalData()
    let [turns, ended] = [0, false]
    const turn = (): void => {
      turns++
      if (!ended) setImmediate(turn)
    }
    const heard: Progress[] = []
    const hashing = hashWeights({ folder }, [], { onProgress: (progress) => heard.push(progress) })
    setImmediate(turn)
    await hashing
    ended = true
    // Five pieces of external data: between any two others had their turn.
    expect(turns).toBeGreaterThan(4)
    expect(heard.length).toBeGreaterThan(4)
    expect(heard.at(-1)).toMatchObject({ done: heard[0]?.total, label: 'hashing the weights of bert' })
    expect(heard.map(({ done }) => done)).toEqual(heard.map(({ done }) => done).toSorted((a, b) => a - b))
  })

  it('is left in the middle when the call is cancelled, and read from its start the next time', async () => {
    const { folder, data } = await withExternalData()
    const controller = new AbortController()
    const heard: Progress[] = []
    const onProgress = (progress: Progress): void => {
      heard.push(progress)
      if (heard.length === 3) controller.abort()
    }
    await expect(
      hashWeights({ folder }, [], { signal: controller.signal, onProgress })
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(heard).toHaveLength(3)
    const { files } = await hashWeights({ folder }, [])
    expect(files[1]?.sha256).toBe(await sha256(data))
  })
})
