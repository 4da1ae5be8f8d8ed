/** The paper's claims about the method and what it is held against (Tables 1 to 3). */
import {
  compareMethods,
  type Evidence,
  meanOf,
  ofKind,
  pairUp,
  percent,
  points,
  sameSourcesAndTarget,
  sameTarget,
  singlesAcross,
  singlesWithin,
  type Verdict
} from './evidence.ts'

/** Every prompt that was copied as it is stays below the manual template. */
export function directTransferFails({ facts }: Evidence): Verdict | null {
  const pairs = pairUp(singlesAcross(ofKind(facts, 'direct-copy')), ofKind(facts, 'manual'), sameTarget)
  if (pairs.length === 0) return null
  return {
    holds: pairs.every(([copied, manual]) => copied.spread.mean < manual.spread.mean),
    figures: pairs
      .map(
        ([{ condition, spread }, manual]) =>
          `${condition.sources[0]?.model} → ${condition.target} ${percent(spread.mean)} (manual ${percent(manual.spread.mean)})`
      )
      .join(', ')
  }
}

/** Random vectors answer less than one in a hundred. */
export function randomFails({ facts }: Evidence): Verdict | null {
  const random = ofKind(facts, 'random')
  if (random.length === 0) return null
  return {
    holds: random.every(({ spread }) => spread.mean < 0.01),
    figures: random.map(({ condition, spread }) => `${condition.target} ${percent(spread.mean)}`).join(', ')
  }
}

/** Nothing that was transferred across models passes the prompt that was tuned on the target. */
export function tuningIsUpperBound({ facts, ours }: Evidence): Verdict | null {
  const pairs = pairUp(singlesAcross(ours), ofKind(facts, 'direct-tuning'), sameTarget)
  if (pairs.length === 0) return null
  const below = pairs.filter(([transferred, tuned]) => transferred.spread.mean < tuned.spread.mean).length
  const [transferred, tuned] = [meanOf(pairs.map(([one]) => one)), meanOf(pairs.map(([, other]) => other))]
  return {
    holds: below === pairs.length,
    figures: `transferred ${percent(transferred)}, tuned on the target ${percent(tuned)}; below it in ${below} of ${pairs.length} pairs`
  }
}

export function beatsDiscretization({ facts, ours }: Evidence): Verdict | null {
  const others = ofKind(facts, 'discretization')
  return compareMethods(pairUp(singlesAcross(ours), others, sameSourcesAndTarget), [
    'the method',
    'discretization'
  ])
}

export function beatsProjector({ facts, ours }: Evidence): Verdict | null {
  const others = ofKind(facts, 'projector')
  return compareMethods(pairUp(singlesAcross(ours), others, sameSourcesAndTarget), [
    'the method',
    'projector'
  ])
}

/** On most targets the best source beats the manual template. */
export function beatsManual({ facts, ours }: Evidence): Verdict | null {
  const manual = ofKind(facts, 'manual')
  const best = manual.flatMap((own) => {
    const transferred = singlesAcross(ours)
      .filter(({ condition }) => sameTarget(condition, own.condition))
      .sort((a, b) => b.spread.mean - a.spread.mean)[0]
    return transferred === undefined ? [] : [{ transferred, own }]
  })
  if (best.length === 0) return null
  const better = best.filter(({ transferred, own }) => transferred.spread.mean > own.spread.mean).length
  return {
    holds: better > best.length / 2,
    figures: `${better} of ${best.length} targets: ${best
      .map(
        ({ transferred, own }) =>
          `${own.condition.target} ${percent(transferred.spread.mean)} from ${transferred.condition.sources[0]?.model} (manual ${percent(own.spread.mean)})`
      )
      .join(', ')}`
  }
}

/** Transferred to its own model, a prompt stays within two points of what it was. */
export function transfersToItself({ facts, ours }: Evidence): Verdict | null {
  const pairs = pairUp(singlesWithin(ours), ofKind(facts, 'direct-tuning'), sameTarget)
  if (pairs.length === 0) return null
  const [transferred, tuned] = [meanOf(pairs.map(([one]) => one)), meanOf(pairs.map(([, other]) => other))]
  return {
    holds: transferred >= tuned - 0.02,
    figures: `as tuned ${percent(tuned)}, transferred to itself ${percent(transferred)}: ${points(transferred - tuned)}`
  }
}
