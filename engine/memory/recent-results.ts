/** Keeps the last few results of a costly preparation, by key. */
import type { KeptFor } from '#engine/common/contract/engine-methods.ts'
import { whenReleased } from './kept-between-calls.ts'

export type RecentResults<T> = {
  get(key: string, make: () => T): T
  /** The same where the preparation takes its time; one that fails is not kept. */
  getLater(key: string, make: () => Promise<T>): Promise<T>
  /**
   * Lets go of what would not be kept beside a result of so many bytes, before that is made: so the two are not in memory
   * side by side.
   */
  makeRoom(key: string, needed: number): void
  /** What is kept; undefined where nothing is. */
  find(key: string): T | undefined
}

type Limits<T> = {
  /** How many are kept; the one that was asked for longest ago goes first. */
  most: number
  /** The bytes that they may take together, where they are large; the last is kept whatever it takes. */
  bytes?: { most: number; of: (result: T) => number }
  /** The work that they are kept for: all go where that is released. Left out: they are small. */
  keptFor?: KeptFor
}

export function recentResults<T>({ most, bytes, keptFor }: Limits<T>): RecentResults<T> {
  // A Map keeps the order of insertion.
  const kept = new Map<string, T>()
  const isTooMuch = (others = 0): boolean =>
    kept.size > most ||
    (bytes !== undefined && [...kept.values()].reduce((sum, one) => sum + bytes.of(one), others) > bytes.most)
  const keep = (key: string, result: T): T => {
    kept.delete(key)
    kept.set(key, result)
    for (const oldest of kept.keys()) {
      if (kept.size === 1 || !isTooMuch()) break
      kept.delete(oldest)
    }
    return result
  }
  if (keptFor !== undefined) whenReleased(keptFor, () => kept.clear())
  return {
    get: (key, make) => keep(key, kept.get(key) ?? make()),
    getLater: async (key, make) => keep(key, kept.get(key) ?? (await make())),
    makeRoom: (key, needed) => {
      if (kept.has(key)) return
      for (const oldest of kept.keys()) {
        if (!isTooMuch(needed)) break
        kept.delete(oldest)
      }
    },
    find: (key) => kept.get(key)
  }
}
