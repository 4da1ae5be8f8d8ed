/**
 * Examples drawn without replacement, a block at a time, from strata such as relations: more from those where more is to be
 * learnt, and within a stratum in proportion from every label.
 */
import { shuffled, type UniformSource } from '#engine/common/random/seeded-random.ts'

/** What each of N examples is. */
export type StrataOfExamples = {
  /** `[N]` what it belongs to. */
  readonly strata: readonly string[]
  /** `[N]` what is right: examples of one label are often answered alike. */
  readonly labels: readonly string[]
}

export type DrawnBlock = {
  readonly examples: readonly number[]
  /**
   * Of each example, inversely proportional to the chance that it had of being drawn; one where all have the same. The weighted
   * sum of the drawn is in expectation proportional to the sum of all that was left.
   */
  readonly weights: readonly number[]
}

export type StratifiedDraw = {
  /** How many are left. */
  left(): number
  /**
   * About so many, or all that are left.
   * @param spreads `[strata]` standard deviations within them, in the order of their first examples; null: in proportion
   * to what is left of each
   */
  draw(wanted: number, spreads: readonly number[] | null): DrawnBlock
}

type Stratum = { readonly size: number; left: number[] }

/**
 * So many from each stratum that the variance of a stratified mean is least: Neyman's allocation in whole numbers, where the
 * next example goes to the stratum of the highest `N S / √(n (n + 1))` (Wright 2012). Whatever has examples left gets one, for
 * what can't be drawn is not known.
 */
function allocate(strata: readonly Stratum[], wanted: number, spreads: readonly number[]): number[] {
  const counts = strata.map(({ left }) => Math.min(1, left.length))
  const priorityOf = (at: number): number => {
    const { size, left } = strata[at]
    if (counts[at] >= left.length) return -1
    const drawn = size - left.length + counts[at]
    return (size * spreads[at]) / Math.sqrt(drawn * (drawn + 1))
  }
  const priorities = strata.map((_, at) => priorityOf(at))
  for (let given = counts.reduce((sum, count) => sum + count, 0); given < wanted; given++) {
    const next = priorities.indexOf(Math.max(...priorities))
    counts[next]++
    priorities[next] = priorityOf(next)
  }
  return counts
}

/** Draws from strata, each in an order that is anew for each source of chance. */
export function stratifiedDraw({ strata, labels }: StrataOfExamples, uniform: UniformSource): StratifiedDraw {
  const anyOrder = shuffled([...strata.keys()], uniform)
  const all: Stratum[] = [...new Set(strata)].map((kind) => {
    const members = anyOrder.filter((example) => strata[example] === kind)
    const kinds = [...new Set(members.map((example) => labels[example]))]
    return {
      size: members.length,
      left: kinds.flatMap((label) => members.filter((example) => labels[example] === label))
    }
  })
  const countLeft = (): number => all.reduce((sum, { left }) => sum + left.length, 0)

  /**
   * A list is cut into as many parts as examples are wanted, and one is drawn from each. Where the parts can't be of equal
   * length, some have an empty place, which may be drawn, so that each example has the same chance, one in `length`.
   */
  const pick = (left: readonly number[], wanted: number): { examples: number[]; length: number } => {
    const length = Math.ceil(left.length / Math.max(1, wanted))
    const parts = Array.from({ length: Math.min(wanted, left.length) }, (_, part) => part)
    const shorter = new Set(shuffled(parts, uniform).slice(0, length * parts.length - left.length))
    let start = 0
    const examples = parts.flatMap((part) => {
      const members = left.slice(start, start + length - (shorter.has(part) ? 1 : 0))
      start += members.length
      return members[Math.floor(uniform() * length)] ?? []
    })
    return { examples, length }
  }

  return {
    left: countLeft,
    draw: (wanted, spreads) => {
      const open = all.filter(({ left }) => left.length > 0)
      const total = countLeft()
      const most = Math.min(wanted, total)
      // In proportion, or fewer than strata: whatever is left is one list, in the order of the strata.
      const counts = spreads === null || most < open.length ? null : allocate(all, most, spreads)
      const picked =
        counts === null
          ? [
              pick(
                open.flatMap(({ left }) => left),
                most
              )
            ]
          : all.map(({ left }, at) => pick(left, counts[at]))
      const examples = picked.flatMap((one) => one.examples)
      const gone = new Set(examples)
      for (const stratum of all) stratum.left = stratum.left.filter((example) => !gone.has(example))
      return {
        examples,
        weights: picked.flatMap((one) => one.examples.map(() => (one.length * most) / total))
      }
    }
  }
}
