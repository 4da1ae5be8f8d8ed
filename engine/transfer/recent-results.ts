/** Keeps the last few results of a costly preparation, by key. */

export type RecentResults<T> = {
  get(key: string, make: () => T): T
  /** The same where the preparation takes its time; one that fails is not kept. */
  getLater(key: string, make: () => Promise<T>): Promise<T>
}

/** @param most how many are kept; the one that was asked for longest ago goes first */
export function recentResults<T>(most: number): RecentResults<T> {
  // A Map keeps the order of insertion.
  const kept = new Map<string, T>()
  const keep = (key: string, result: T): T => {
    kept.delete(key)
    kept.set(key, result)
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break
      kept.delete(oldest)
    }
    return result
  }
  return {
    get: (key, make) => keep(key, kept.get(key) ?? make()),
    getLater: async (key, make) => keep(key, kept.get(key) ?? (await make()))
  }
}
