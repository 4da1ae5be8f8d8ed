/** Whole-number arithmetic on sizes of tensors, done at once where the sizes are known. */
import { asNumber, type Emitter } from './emitter.ts'
import { allNumbers } from './shapes/tensor-facts.ts'

/** The size of one axis as int64 without axes. */
export function sizeOf(emit: Emitter, x: string, axis: number): string {
  const known = asNumber(emit.shape(x)[axis])
  return known === undefined ? emit.node('Gather', [emit.sizes(x), emit.integer(axis)]) : emit.integer(known)
}

/** The sizes of the axes `from` to `to` (excluded) as int64 `[to − from]`. */
export function sizesBetween(emit: Emitter, x: string, from: number, to: number): string {
  const known = allNumbers(emit.shape(x).slice(from, to))
  return known === undefined
    ? emit.node('Slice', [emit.sizes(x), emit.integers([from]), emit.integers([to])])
    : emit.integers(known)
}

/** int64 lists end to end. */
export function joinSizes(emit: Emitter, parts: readonly string[]): string {
  const known = parts.map((part) => allNumbers(emit.facts(part).values))
  if (known.every((values) => values !== undefined)) return emit.integers(known.flat())
  const filled = parts.filter((_, index) => known[index]?.length !== 0)
  return filled.length === 1 ? filled[0] : emit.node('Concat', filled, { axis: { int: 0 } })
}

/** a + b of int64 lists of one length. */
export function addSizes(emit: Emitter, a: string, b: string): string {
  const [known, more] = [allNumbers(emit.facts(a).values), allNumbers(emit.facts(b).values)]
  return known !== undefined && more !== undefined
    ? emit.integers(known.map((value, index) => value + more[index]))
    : emit.node('Add', [a, b])
}

/** The product of an int64 list `[n]` as `[1]`; 1 where it is empty. */
export function multiplySizes(emit: Emitter, sizes: string): string {
  const known = allNumbers(emit.facts(sizes).values)
  if (known !== undefined) return emit.integers([known.reduce((product, size) => product * size, 1)])
  return emit.node('ReduceProd', [sizes])
}
