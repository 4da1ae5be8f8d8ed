/** What the paper's claims are held against: complete measurements by kind, and words for their figures. */
import { mean } from 'simple-statistics'
import { type Average, averageDifference } from '../averages.ts'
import { type Condition, isAcrossModels, isRelative, isSelfTransfer, variedSettings } from '../conditions.ts'
import type { MeasuredExperiment } from '../experiment-measurements.ts'
import { isComplete, type Measurement } from '../measure.ts'
import { percentage } from '../report-table.ts'

export type Verdict = { readonly holds: boolean; readonly figures: string }

export type Evidence = {
  readonly experiment: MeasuredExperiment
  /** Complete measurements on relations with the usual settings, each once. */
  readonly facts: readonly Measurement[]
  /** Of these, the method's own: the first relative one that the experiment names. */
  readonly ours: readonly Measurement[]
}

export function gatherEvidence(experiment: MeasuredExperiment): Evidence {
  const { tasks } = experiment.source.experiment
  const usual = experiment.sections.filter((one) => variedSettings(one).length === 0)
  const facts = new Map(
    usual
      .flatMap(({ measurements }) => measurements)
      .filter((one) => isComplete(one) && tasks[one.condition.taskSet]?.kind === 'relations')
      .map((one) => [JSON.stringify(one.condition), one])
  )
  const all = [...facts.values()]
  const method = all.find(({ condition }) => isRelative(condition))?.condition.method
  return { experiment, facts: all, ours: all.filter(({ condition }) => condition.method === method) }
}

export function ofKind(measurements: readonly Measurement[], kind: string): Measurement[] {
  return measurements.filter(({ condition }) => condition.kind === kind)
}

/** What was transferred from one source to another model. */
export function singlesAcross(measurements: readonly Measurement[]): Measurement[] {
  return measurements.filter(({ condition }) => condition.sources.length === 1 && isAcrossModels(condition))
}

/** What was transferred from one source to itself. */
export function singlesWithin(measurements: readonly Measurement[]): Measurement[] {
  return measurements.filter(({ condition }) => condition.sources.length === 1 && isSelfTransfer(condition))
}

export function sameTarget(a: Condition, b: Condition): boolean {
  return a.target === b.target && a.taskSet === b.taskSet
}

export function sameSourcesAndTarget(a: Condition, b: Condition): boolean {
  return sameTarget(a, b) && JSON.stringify(a.sources) === JSON.stringify(b.sources)
}

/** Each of the first with the one of the second that belongs to it; those without one are left out. */
export function pairUp(
  first: readonly Measurement[],
  second: readonly Measurement[],
  belong: (a: Condition, b: Condition) => boolean
): [Measurement, Measurement][] {
  return first.flatMap((one): [Measurement, Measurement][] => {
    const other = second.find(({ condition }) => belong(one.condition, condition))
    return other === undefined ? [] : [[one, other]]
  })
}

/** The mean of measurements, each once. */
export function meanOf(measurements: readonly Measurement[]): number {
  return mean(measurements.map(({ spread }) => spread.mean))
}

export function percent(share: number): string {
  return `${percentage(share)} %`
}

export function points(difference: number): string {
  return `${difference < 0 ? '−' : '+'}${percentage(Math.abs(difference))} points`
}

/** An average as its mean and interval. */
export function describeAverage({ spread, interval }: Average): string {
  return `${percent(spread.mean)} (${percentage(interval.low)} to ${percentage(interval.high)})`
}

/** Whether the first of the pairs score more: on average, surely, and in more than half of the pairs. */
export function compareMethods(
  pairs: readonly (readonly [Measurement, Measurement])[],
  names: readonly [string, string]
): Verdict | null {
  const difference = averageDifference(pairs)
  if (difference === null) return null
  const better = pairs.filter(([first, second]) => first.spread.mean > second.spread.mean).length
  const [first, second] = [meanOf(pairs.map(([one]) => one)), meanOf(pairs.map(([, other]) => other))]
  return {
    holds: difference.low > 0 && better > pairs.length / 2,
    figures:
      `${names[0]} ${percent(first)}, ${names[1]} ${percent(second)}: ${points(difference.difference)} ` +
      `(95 % interval ${points(difference.low)} to ${points(difference.high)}), better in ${better} of ${pairs.length} pairs`
  }
}
