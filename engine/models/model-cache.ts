/**
 * Keeps the models that were opened last, so that a process reads each table once. A model is read again
 * when a file of its folder changed.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelReference } from '#engine/common/contract/models.ts'

/** How many models, and how many bytes of their tables, are kept beside the one opened last. */
const mostModels = 8
const mostBytes = 4 * 2 ** 30

type Entry<T> = { readonly stamp: string; readonly opening: Promise<T>; bytes: number }

export type ModelCache<T> = {
  /** The kept model, or what `open` answers. A failed opening is not kept. */
  get(reference: ModelReference, folder: string, open: () => Promise<T>): Promise<T>
}

/** A cache of opened models. @param sizeOf bytes that one takes */
export function modelCache<T>(sizeOf: (model: T) => number): ModelCache<T> {
  // A Map keeps the order of insertion: the first entry is the one that was asked for longest ago.
  const entries = new Map<string, Entry<T>>()

  function dropOldest(): void {
    const total = (): number => [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    for (const key of entries.keys()) {
      if (entries.size <= 1 || (entries.size <= mostModels && total() <= mostBytes)) return
      entries.delete(key)
    }
  }

  async function get(reference: ModelReference, folder: string, open: () => Promise<T>): Promise<T> {
    const key = JSON.stringify([folder, reference.weights ?? null, reference.tensor ?? null])
    const stamp = await stampOf(folder)
    const kept = entries.get(key)
    entries.delete(key)
    const entry = kept?.stamp === stamp ? kept : { stamp, opening: open(), bytes: 0 }
    entries.set(key, entry)
    try {
      const model = await entry.opening
      entry.bytes = sizeOf(model)
      dropOldest()
      return model
    } catch (error) {
      if (entries.get(key) === entry) entries.delete(key)
      throw error
    }
  }

  return { get }
}

/** Names, sizes and times of change of the files that a model is made of: links are followed. */
async function stampOf(folder: string): Promise<string> {
  const lines: string[] = []
  for (const part of [folder, join(folder, 'onnx')]) {
    for (const name of (await readdir(part).catch((): string[] => [])).sort()) {
      const stats = await stat(join(part, name)).catch(() => null)
      if (stats?.isFile()) lines.push(`${join(part, name)} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`)
    }
  }
  return lines.join('\n')
}
