/** Examples drawn without replacement, a block at a time, in proportion from every stratum, such as a relation. */
import { shuffled, type UniformSource } from '#engine/common/random/seeded-random.ts'

export type StratifiedDraw = {
  /** How many are left. */
  left(): number
  /** About so many, or all that are left. */
  draw(wanted: number): number[]
}

/**
 * What is left is ordered by stratum and cut into as many parts as examples are wanted, and one is drawn from each. Where
 * the parts can't be of equal length, some have an empty place, which may be drawn, so that each example that is left has the
 * same chance.
 * @param strata `[N]` what each example belongs to
 */
export function stratifiedDraw(strata: readonly string[], uniform: UniformSource): StratifiedDraw {
  const anyOrder = shuffled([...strata.keys()], uniform)
  const kinds = [...new Set(strata)]
  let left = kinds.flatMap((kind) => anyOrder.filter((example) => strata[example] === kind))

  const pick = (wanted: number): number[] => {
    if (wanted >= left.length) return left
    const length = Math.ceil(left.length / wanted)
    const parts = Array.from({ length: wanted }, (_, part) => part)
    const shorter = new Set(shuffled(parts, uniform).slice(0, length * wanted - left.length))
    let start = 0
    return parts.flatMap((part) => {
      const members = left.slice(start, start + length - (shorter.has(part) ? 1 : 0))
      start += members.length
      return members[Math.floor(uniform() * length)] ?? []
    })
  }

  return {
    left: () => left.length,
    draw: (wanted) => {
      const drawn = pick(wanted)
      const gone = new Set(drawn)
      left = left.filter((example) => !gone.has(example))
      return drawn
    }
  }
}
