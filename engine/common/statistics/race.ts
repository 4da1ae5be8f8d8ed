/**
 * Finds the best of many arms (sets of sources, mixtures) without asking each every example: all that are left are
 * asked the same block of examples, drawn without replacement and in proportion from every stratum (relation); then go
 * those that are worse than the leader by a paired test that holds whenever one looks (successive elimination, Even-Dar,
 * Mannor and Mansour 2006; races, Maron and Moore 1994). Where the number of answers is limited, the lowest go as the budget
 * is spent, so that each halving of the arms gets as much of it (sequential halving, Karnin, Koren and Somekh 2013): those
 * are not known to be worse, and the stated bound counts them.
 */
import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { type DrawnDifferences, isAbove, lowerBound } from './confidence-sequence.ts'
import { stratifiedDraw } from './stratified-draw.ts'

export type RaceSettings = {
  /** K, at least one. */
  readonly arms: number
  /** `[N]` what each example belongs to. */
  readonly strata: readonly string[]
  /** Of all that is said of the arms together. */
  readonly confidence: number
  /** A set that is at most so much below the best is as good. */
  readonly tolerance: number
  /** Answers at most, as a share of all K·N; null for as many as it takes. */
  readonly budget: number | null
  readonly seed: number
}

/** What is to be asked next. */
export type RaceRequest = {
  readonly arms: readonly number[]
  readonly examples: readonly number[]
  /** Answers so far, and at most. */
  readonly answers: number
  readonly most: number
}

/** `[arms][examples]` of the request, each from 0 to 1. */
export type RaceAnswers = readonly ArrayLike<number>[]

/**
 * `worse` than another at the confidence; `dropped` as the budget was spent; `left` to the end, and not told from the one
 * chosen.
 */
export type ArmEnding = 'chosen' | 'worse' | 'dropped' | 'left'

export type RaceResult = {
  readonly chosen: number
  /** With the confidence, the best of all arms is no more than this above the chosen one, over all N examples. */
  readonly shortfall: number
  readonly answers: number
  /** `[K]` */
  readonly arms: readonly {
    readonly ending: ArmEnding
    /** How many examples it was asked. */
    readonly asked: number
    /** Of those. */
    readonly accuracy: number
  }[]
}

type Arm = { readonly index: number; readonly scores: number[]; sum: number; ending: ArmEnding }

function meanOf({ sum, scores }: Arm): number {
  return scores.length === 0 ? 0 : sum / scores.length
}

/** The highest mean first, of equal ones the first arm. */
function ranked(arms: readonly Arm[]): Arm[] {
  return arms.toSorted((a, b) => meanOf(b) - meanOf(a) || a.index - b.index)
}

/** First minus second, over the examples that both were asked. */
function differencesOf(first: Arm, second: Arm, ends: readonly number[]): DrawnDifferences {
  const both = Math.min(first.scores.length, second.scores.length)
  const differences = Float64Array.from({ length: both }, (_, at) => first.scores[at] - second.scores[at])
  return { differences, ends: ends.filter((end) => end <= both) }
}

type Told = { readonly ends: readonly number[]; readonly total: number; readonly alpha: number }

/** Says which of the others are worse than the first, and gives the rest. */
function eliminate([leader, ...others]: readonly Arm[], { ends, total, alpha }: Told): Arm[] {
  for (const other of others)
    if (isAbove(differencesOf(leader, other, ends), total, 0, alpha)) other.ending = 'worse'
  return others.filter(({ ending }) => ending === 'left')
}

/**
 * Asks by yielding requests, and takes the answers; the same for the same seed and answers.
 * @throws RangeError where there are no arms or no examples
 */
export function* race(settings: RaceSettings): Generator<RaceRequest, RaceResult, RaceAnswers> {
  const { arms: count, strata, confidence, tolerance, budget, seed } = settings
  const total = strata.length
  if (count < 1 || total < 1) throw new RangeError('a race needs an arm and an example')
  const alpha = (1 - confidence) / Math.max(1, count - 1)
  const most = Math.floor((budget ?? 1) * count * total)
  const blockLength = new Set(strata).size
  const examples = stratifiedDraw(strata, seededUniform(seed))
  const arms = Array.from(
    { length: count },
    (_, index): Arm => ({ index, scores: [], sum: 0, ending: 'left' })
  )
  const ends: number[] = []
  let [running, answers] = [arms, 0]

  while (running.length > 1 && examples.left() > 0) {
    const room = Math.floor((most - answers) / running.length)
    if (room < 1) break
    const block = examples.draw(Math.min(room, answers === 0 ? 2 * blockLength : blockLength))
    if (block.length === 0) continue
    const scores = yield { arms: running.map(({ index }) => index), examples: block, answers, most }
    for (const [at, arm] of running.entries()) {
      arm.scores.push(...Array.from(scores[at]))
      arm.sum = arm.scores.reduce((sum, score) => sum + score, 0)
    }
    answers += running.length * block.length
    ends.push(total - examples.left())

    const told = { ends, total, alpha }
    const [leader, ...others] = ranked(running)
    const open = eliminate([leader, ...others], told)
    running = [leader, ...open]
    if (open.every((other) => isAbove(differencesOf(leader, other, ends), total, -tolerance, alpha))) break
    if (budget !== null) {
      const kept = Math.max(1, Math.ceil(count ** (1 - answers / most)))
      for (const arm of running.slice(kept)) arm.ending = 'dropped'
      running = running.slice(0, kept)
    }
  }

  const [chosen] = ranked(running)
  chosen.ending = 'chosen'
  const open = arms
    .filter(({ ending }) => ending === 'left' || ending === 'dropped')
    .map((arm) => differencesOf(chosen, arm, ends))
  return {
    chosen: chosen.index,
    shortfall: Math.max(0, ...open.map((pair) => -lowerBound(pair, total, alpha))),
    answers,
    arms: arms.map((arm) => ({ ending: arm.ending, asked: arm.scores.length, accuracy: meanOf(arm) }))
  }
}
