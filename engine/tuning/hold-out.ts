/** Few examples: a seeded draw, and its part that chooses the step. */
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'

/** Fewer examples than this are all tuned on, and the last step is the result. */
const leastToHoldOut = 8

/** A seeded draw of so many; null: all, in a seeded order. */
export function drawFew<T>(all: readonly T[], count: number | null, seed: number): T[] {
  return shuffled(all, seededUniform(seed)).slice(0, count ?? undefined)
}

/** A quarter of eight or more to choose the step by, and the others to tune on. */
export function holdOut<T>(few: readonly T[]): { readonly train: T[]; readonly dev: T[] } {
  const held = few.length < leastToHoldOut ? 0 : Math.floor(few.length / 4)
  return { train: few.slice(held), dev: few.slice(0, held) }
}
