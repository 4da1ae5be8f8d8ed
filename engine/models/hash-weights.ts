/**
 * What a model computes with, as one fingerprint: SHA-256 of every file that its graph reads. The embedding table and
 * the tokenizer have fingerprints of their own, which are known as soon as the model is open.
 */
import { createHash } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { FileHash, ModelReference, ModelWeights } from '#engine/common/contract/models.ts'
import { hashFile, knownHash } from '#engine/files/hash-file.ts'
import { graphPaths } from '#engine/onnx/graph-file.ts'
import { dataFiles, readModelFile } from '#engine/onnx/model-file.ts'
import { type OpenModel, openModel } from './open-model.ts'
import { isGraphFile } from './runnable-graph.ts'

export type HashControl = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** Of this process, by path: beside what a caller knows from before. */
const hashes = new Map<string, FileHash>()
/** Files that are being read: another call waits for them instead of reading them too. */
const reading = new Map<string, Promise<FileHash>>()

/** Hashes a file, or waits for who does; where that one is cancelled, reads it after all. */
async function hashOnce(
  path: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined
): Promise<FileHash> {
  const begun = reading.get(path)
  if (begun !== undefined) {
    try {
      const hash = await begun
      onBytes(hash.size)
      return hash
    } catch {
      throwIfCancelled(signal)
      return await hashOnce(path, onBytes, signal)
    }
  }
  const own = hashFile(path, onBytes, signal).finally(() => reading.delete(path))
  reading.set(path, own)
  return await own
}

/**
 * The files that a model's graph reads, as real paths: the ONNX file and its external data in the order in which it
 * names them (of an encoder and its decoder both), else the settings and the weights that a graph is written from.
 */
async function graphFiles({ folder, report, checkpoint }: OpenModel): Promise<string[]> {
  const { file } = report.graph
  const files = new Set<string>()
  if (file !== null && isGraphFile(file)) {
    for (const path of graphPaths(join(folder, file)))
      for (const read of dataFiles(await readModelFile(path))) files.add(read)
  } else {
    files.add(await realpath(checkpoint.config.path))
    for (const tensor of checkpoint.tensors) files.add(tensor.file)
  }
  return [...files]
}

/** When a file, or a folder on the way to it, was last changed, in milliseconds since 1970. */
async function lastChange(folder: string, files: readonly string[]): Promise<number> {
  const folders = files.map(dirname).filter((path) => !relative(folder, path).startsWith('..'))
  const times = await Promise.all(
    [...new Set([folder, ...folders])].map(async (path) => (await stat(path)).ctimeMs)
  )
  for (const path of files) {
    const { mtimeMs, ctimeMs } = await stat(path)
    times.push(mtimeMs, ctimeMs)
  }
  return Math.max(...times)
}

/**
 * The fingerprint of what a model computes with: SHA-256 over the hashes of its files, in hexadecimal, one a line.
 * @param known hashes from before: a file of the same path, size, time of change and inode is not read again
 * @throws as `openModel`, and `mismatch` where a file is changed meanwhile
 */
export async function hashWeights(
  reference: ModelReference,
  known: readonly FileHash[],
  { signal, onProgress }: HashControl = {}
): Promise<ModelWeights> {
  const model = await openModel(reference, signal)
  const paths = await graphFiles(model)
  const changedAt = await lastChange(model.folder, paths)
  const found = new Map<string, FileHash>()
  const unread: string[] = []
  let [done, total] = [0, 0]
  for (const path of paths) {
    const own = hashes.get(path)
    const { size, hash } = await knownHash(path, own === undefined ? known : [own, ...known])
    if (hash !== undefined) found.set(path, hash)
    else {
      unread.push(path)
      total += size
    }
  }
  // Who reads the weights for the first time verifies the fingerprint of their table too: a run says both.
  if (unread.length > 0) await model.readTable(signal)
  for (const path of unread) {
    const label = `hashing the weights of ${model.report.name}`
    const onBytes = (bytes: number): void => {
      done += bytes
      onProgress?.({ done, total, label })
    }
    found.set(path, await hashOnce(path, onBytes, signal))
  }
  const files = paths.flatMap((path) => found.get(path) ?? [])
  for (const file of files) hashes.set(file.path, file)
  const lines = files.map(({ sha256 }) => `${sha256}\n`).join('')
  return { weights: createHash('sha256').update(lines).digest('hex'), files, changedAt }
}
