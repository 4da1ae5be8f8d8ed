/**
 * Keeps the models that were opened last, so that a process reads each tokenizer once: what they are, without their tables.
 * A model is read again when a file of its folder changed.
 */
import type { ModelPlace } from './report-cache.ts'

/** How many models, and how many tokens of their vocabularies, are kept at most. A token takes about 300 bytes. */
const mostModels = 16
const mostTokens = 500_000

type Entry<T> = { readonly stamp: string; readonly opening: Promise<T>; tokens: number }

export type ModelCache<T> = {
  /** The kept model, or what `open` answers. A failed opening is not kept. */
  get(place: ModelPlace, open: () => Promise<T>): Promise<T>
  /** Forgets a model, so that it is opened anew. */
  drop(place: ModelPlace): void
}

/** A cache of opened models. @param tokensOf the size of a vocabulary */
export function modelCache<T>(tokensOf: (model: T) => number): ModelCache<T> {
  // A Map keeps the order of insertion: the first entry is the one that was asked for longest ago.
  const entries = new Map<string, Entry<T>>()

  function dropOldest(): void {
    const total = (): number => [...entries.values()].reduce((sum, { tokens }) => sum + tokens, 0)
    for (const key of entries.keys()) {
      if (entries.size <= 1 || (entries.size <= mostModels && total() <= mostTokens)) return
      entries.delete(key)
    }
  }

  async function get({ key, stamp }: ModelPlace, open: () => Promise<T>): Promise<T> {
    const kept = entries.get(key)
    entries.delete(key)
    const entry = kept?.stamp === stamp ? kept : { stamp, opening: open(), tokens: 0 }
    entries.set(key, entry)
    try {
      const model = await entry.opening
      entry.tokens = tokensOf(model)
      dropOldest()
      return model
    } catch (error) {
      if (entries.get(key) === entry) entries.delete(key)
      throw error
    }
  }

  return { get, drop: ({ key }) => entries.delete(key) }
}
