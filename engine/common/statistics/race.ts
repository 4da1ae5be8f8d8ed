/**
 * Finds the best of many arms (sets of sources, mixtures) without asking each every example: all that are left are
 * asked the same block of examples, drawn without replacement from every stratum (relation); then go those that are worse
 * than the leader by a paired test that holds whenever one looks (successive elimination, Even-Dar, Mannor and Mansour
 * 2006; races, Maron and Moore 1994). Where the number of answers is limited, more is asked where those that are left differ
 * more (Neyman 1934), and the lowest go as the budget is spent, so that each halving of the arms gets about as much of it
 * (sequential halving, Karnin, Koren and Somekh 2013): those are not known to be worse, and the stated bound counts them.
 */
import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { type DrawnDifferences, isAbove, lowerBound } from './confidence-sequence.ts'
import { type DrawnBlock, type StrataOfExamples, stratifiedDraw } from './stratified-draw.ts'
import { type DrawnStratum, differenceSpreads, stratifiedMean } from './stratified-mean.ts'

export type RaceSettings = StrataOfExamples & {
  /** K, at least one. */
  readonly arms: number
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
    /** Over all N examples, estimated from those. */
    readonly accuracy: number
  }[]
}

/** A block is so much of what was asked before it: few blocks, in each of which a stratum's labels are spread. */
const growth = 0.2

/** Above one, the first halvings get more of the budget than the last: with so few answers the best is easily lost. */
const patience = 1.3

type Arm = { readonly index: number; readonly scores: number[]; mean: number; ending: ArmEnding }

/** The highest mean first, of equal ones the first arm. */
function ranked(arms: readonly Arm[]): Arm[] {
  return arms.toSorted((a, b) => b.mean - a.mean || a.index - b.index)
}

/** What was drawn, in its order. */
type Drawn = {
  readonly strata: readonly (DrawnStratum & { readonly drawn: number[] })[]
  readonly weights: number[]
  readonly ends: number[]
}

function note(
  { strata, weights, ends }: Drawn,
  block: DrawnBlock,
  stratumOf: (example: number) => number
): void {
  for (const [at, example] of block.examples.entries()) {
    strata[stratumOf(example)].drawn.push(weights.length)
    weights.push(block.weights[at])
  }
  ends.push(weights.length)
}

/** First minus second, over the examples that both were asked. */
function differencesOf(first: Arm, second: Arm, { weights, ends }: Drawn): DrawnDifferences {
  const both = Math.min(first.scores.length, second.scores.length)
  const differences = Float64Array.from({ length: both }, (_, at) => first.scores[at] - second.scores[at])
  return { differences, weights, ends: ends.filter((end) => end <= both) }
}

/** What is asked next until it is sure: the test is sharpest where all examples have the same chance. */
function inProportion({ strata, ends }: Drawn): { wanted: number; spreads: null } {
  return { wanted: (ends.length === 0 ? 2 : 1) * strata.length, spreads: null }
}

/** What is asked next within a budget: more where the running arms differ, so that their order is known best. */
function whereTheyDiffer(
  running: readonly Arm[],
  { strata, weights }: Drawn
): { wanted: number; spreads: number[] } {
  const wanted = Math.max(strata.length, Math.ceil(growth * weights.length))
  return { wanted, spreads: differenceSpreads(running, strata) }
}

type Told = { readonly drawn: Drawn; readonly total: number; readonly alpha: number }

/** Says which of the others are worse than the first, and gives the rest. */
function eliminate([leader, ...others]: readonly Arm[], { drawn, total, alpha }: Told): Arm[] {
  for (const other of others)
    if (isAbove(differencesOf(leader, other, drawn), total, 0, alpha)) other.ending = 'worse'
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
  const kinds = [...new Set(strata)]
  const drawn: Drawn = {
    strata: kinds.map((kind) => ({ size: strata.filter((one) => one === kind).length, drawn: [] })),
    weights: [],
    ends: []
  }
  const examples = stratifiedDraw(settings, seededUniform(seed))
  const arms = Array.from(
    { length: count },
    (_, index): Arm => ({ index, scores: [], mean: 0, ending: 'left' })
  )
  let [running, answers] = [arms, 0]

  while (running.length > 1 && examples.left() > 0) {
    const room = Math.floor((most - answers) / running.length)
    if (room < 1) break
    const { wanted, spreads } = budget === null ? inProportion(drawn) : whereTheyDiffer(running, drawn)
    const block = examples.draw(Math.min(room, wanted), spreads)
    if (block.examples.length === 0) continue
    const scores = yield { arms: running.map(({ index }) => index), examples: block.examples, answers, most }
    note(drawn, block, (example) => kinds.indexOf(strata[example]))
    for (const [at, arm] of running.entries()) {
      arm.scores.push(...Array.from(scores[at]))
      arm.mean = stratifiedMean(arm.scores, drawn.strata)
    }
    answers += running.length * block.examples.length

    const told = { drawn, total, alpha }
    const [leader, ...others] = ranked(running)
    const open = eliminate([leader, ...others], told)
    running = [leader, ...open]
    if (open.every((other) => isAbove(differencesOf(leader, other, drawn), total, -tolerance, alpha))) break
    if (budget !== null) {
      const kept = Math.max(1, Math.ceil(count ** (1 - (answers / most) ** patience)))
      for (const arm of running.slice(kept)) arm.ending = 'dropped'
      running = running.slice(0, kept)
    }
  }

  const [chosen] = ranked(running)
  chosen.ending = 'chosen'
  const open = arms
    .filter(({ ending }) => ending === 'left' || ending === 'dropped')
    .map((arm) => differencesOf(chosen, arm, drawn))
  return {
    chosen: chosen.index,
    shortfall: Math.max(0, ...open.map((pair) => -lowerBound(pair, total, alpha))),
    answers,
    arms: arms.map((arm) => ({ ending: arm.ending, asked: arm.scores.length, accuracy: arm.mean }))
  }
}
