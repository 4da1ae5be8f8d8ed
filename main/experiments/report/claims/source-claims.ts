/** The paper's claims about sources: several of them, large ones, and other kinds of model (Tables 3, 5 and 6). */
import { mean } from 'simple-statistics'
import { averageDifference } from '../averages.ts'
import { isAcrossModels, isRelative } from '../conditions.ts'
import { sectionsThatShow } from '../experiment-measurements.ts'
import { isComplete, type Measurement } from '../measure.ts'
import { familyAndSize, isDecoder } from '../paper-models.ts'
import {
  compareMethods,
  type Evidence,
  meanOf,
  ofKind,
  pairUp,
  percent,
  points,
  sameTarget,
  singlesAcross,
  type Verdict
} from './evidence.ts'

/** Several sources together score more than each of them alone on average. */
export function severalSourcesHelp({ ours }: Evidence): Verdict | null {
  const together = ours.filter(({ condition }) => condition.sources.length > 1 && isAcrossModels(condition))
  const alone = (several: Measurement): Measurement[] =>
    singlesAcross(ours).filter(
      ({ condition }) =>
        sameTarget(condition, several.condition) &&
        several.condition.sources.some(({ model }) => model === condition.sources[0]?.model)
    )
  const pairs = together.flatMap((several) => alone(several).map((one) => [several, one] as const))
  const difference = averageDifference(pairs)
  if (difference === null) return null
  const overBest = mean(
    together
      .filter((several) => alone(several).length > 0)
      .map((several) => several.spread.mean - Math.max(...alone(several).map(({ spread }) => spread.mean)))
  )
  return {
    holds: difference.low > 0,
    figures:
      `${points(difference.difference)} over the sources alone (95 % interval ${points(difference.low)} to ` +
      `${points(difference.high)}), ${points(overBest)} over the best of them`
  }
}

/** Of two sizes of one family, prompts of the smaller transfer better to the same targets. */
export function largeSourcesTransferWorse({ ours }: Evidence): Verdict | null {
  const singles = singlesAcross(ours).flatMap((measurement) => {
    const known = familyAndSize(measurement.condition.sources[0]?.model ?? '')
    return known === null ? [] : [{ measurement, ...known }]
  })
  const pairs = singles.flatMap((small) =>
    singles
      .filter(
        (large) =>
          large.family === small.family &&
          large.size > small.size &&
          sameTarget(large.measurement.condition, small.measurement.condition)
      )
      .map((large) => [small.measurement, large.measurement] as const)
  )
  return compareMethods(pairs, ['smaller sources', 'larger sources'])
}

function partMeasurements({ experiment }: Evidence, part: 'table-5' | 'table-6'): Measurement[] {
  return sectionsThatShow(experiment, part).flatMap(({ measurements }) => measurements.filter(isComplete))
}

/** On every decoder the best encoder's prompt beats the manual template. */
export function encodersReachDecoders(evidence: Evidence): Verdict | null {
  const shown = partMeasurements(evidence, 'table-5')
  const manual = ofKind(shown, 'manual').filter(({ condition }) => isDecoder(condition.target))
  const transferred = singlesAcross(shown).filter(
    ({ condition }) => isRelative(condition) && !isDecoder(condition.sources[0]?.model ?? '')
  )
  return bestAgainstManual(manual, transferred)
}

/** Prompts of decoders stay below the manual template in more than half of the pairs. */
export function decodersTransferWorse(evidence: Evidence): Verdict | null {
  const shown = partMeasurements(evidence, 'table-5')
  const transferred = singlesAcross(shown).filter(
    ({ condition }) => isRelative(condition) && isDecoder(condition.sources[0]?.model ?? '')
  )
  const pairs = pairUp(transferred, ofKind(shown, 'manual'), sameTarget)
  if (pairs.length === 0) return null
  const below = pairs.filter(([one, manual]) => one.spread.mean < manual.spread.mean).length
  return {
    holds: below > pairs.length / 2,
    figures: `below manual in ${below} of ${pairs.length} pairs; ${percent(meanOf(pairs.map(([one]) => one)))} on average, manual ${percent(meanOf(pairs.map(([, manual]) => manual)))}`
  }
}

/** On every classification task the transferred prompts beat the manual template. */
export function classificationTransfers(evidence: Evidence): Verdict | null {
  const shown = partMeasurements(evidence, 'table-6')
  const transferred = singlesAcross(shown).filter(({ condition }) => isRelative(condition))
  const pairs = pairUp(transferred, ofKind(shown, 'manual'), sameTarget)
  if (pairs.length === 0) return null
  const better = pairs.filter(([one, manual]) => one.spread.mean > manual.spread.mean).length
  return {
    holds: better === pairs.length,
    figures: `better in ${better} of ${pairs.length}: ${pairs
      .map(
        ([{ condition, spread }, manual]) =>
          `${condition.taskSet} from ${condition.sources[0]?.model} ${percent(spread.mean)} (manual ${percent(manual.spread.mean)})`
      )
      .join(', ')}`
  }
}

function bestAgainstManual(
  manual: readonly Measurement[],
  transferred: readonly Measurement[]
): Verdict | null {
  const best = manual.flatMap((own) => {
    const means = transferred
      .filter(({ condition }) => sameTarget(condition, own.condition))
      .map(({ spread }) => spread.mean)
    return means.length === 0 ? [] : [{ own, best: Math.max(...means) }]
  })
  if (best.length === 0) return null
  return {
    holds: best.every((one) => one.best > one.own.spread.mean),
    figures: best
      .map(
        (one) => `${one.own.condition.target} ${percent(one.best)} (manual ${percent(one.own.spread.mean)})`
      )
      .join(', ')
  }
}
