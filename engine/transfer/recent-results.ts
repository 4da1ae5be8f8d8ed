/** Keeps the last few results of a costly preparation, by key. */

export type RecentResults<T> = { get(key: string, make: () => T): T }

/** @param most how many are kept; the one that was asked for longest ago goes first */
export function recentResults<T>(most: number): RecentResults<T> {
  // A Map keeps the order of insertion.
  const kept = new Map<string, T>()
  return {
    get(key, make) {
      const result = kept.get(key) ?? make()
      kept.delete(key)
      kept.set(key, result)
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break
        kept.delete(oldest)
      }
      return result
    }
  }
}
