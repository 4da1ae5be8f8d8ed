/** Random numbers that are the same for the same seed on every machine. */
import { randomBinomial, randomNormal } from 'd3-random'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Uniform numbers in [0, 1). */
export type UniformSource = () => number

/** A source of uniform numbers in [0, 1) for a seed. */
export function seededUniform(seed: number): UniformSource {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/** Whole numbers from 0 to below `count`. */
export type IndexSource = (count: number) => number

/** A source of indices for a seed, from 32 random bits each: uniform within `count / 2³²`. */
export function seededIndices(seed: number): IndexSource {
  const generator = xoroshiro128plus(seed)
  return (count) => Math.floor(((generator.next() >>> 0) / 2 ** 32) * count)
}

/** `length` numbers from a normal distribution: `[length]`. */
export function seededNormal(
  seed: number,
  length: number,
  mean: number,
  standardDeviation: number
): Float32Array<ArrayBuffer> {
  const next = randomNormal.source(seededUniform(seed))(mean, standardDeviation)
  return Float32Array.from({ length }, next)
}

/** A number of successes in so many trials of a chance. */
export type BinomialSource = (trials: number, probability: number) => number

/** A source of binomial numbers for a seed. */
export function seededBinomials(seed: number): BinomialSource {
  const source = randomBinomial.source(seededUniform(seed))
  return (trials, probability) => source(trials, probability)()
}

/** The items in a random order (Fisher and Yates): a copy. */
export function shuffled<T>(items: readonly T[], uniform: UniformSource): T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1))
    ;[order[last], order[other]] = [order[other], order[last]]
  }
  return order
}
