/**
 * Paired tests within a table: every condition that was transferred is held against the one that a reader would hold it
 * against, on the same examples of the same target, with Holm's correction over the table.
 */
import { setImmediate } from 'node:timers/promises'
import { type Difference, pairedDifference } from '#engine/common/statistics/bootstrap.ts'
import { holmAdjusted } from '#engine/common/statistics/holm.ts'
import { type PairedTest, pairedTest } from '#engine/common/statistics/paired-test.ts'
import { pairScores } from './averages.ts'
import {
  type Condition,
  describeSetting,
  describeSources,
  isRelative,
  type SettingName,
  settingNames
} from './conditions.ts'
import type { Measurement } from './measure.ts'

export type Comparison = {
  /** What it is compared with, for a person. */
  readonly with: string
  readonly difference: Difference
  readonly test: PairedTest
  /** The test's p after Holm's correction. */
  readonly adjusted: number
}

/** Below this an adjusted p-value gets a mark. */
export const significanceLevel = 0.05

export const comparisonLegend =
  `↑ and ↓: better and worse than what it is compared with, on the same examples (McNemar’s mid-p, or its form for ` +
  `clustered answers where there are several seeds, below ${significanceLevel} after Holm’s correction over the table). ` +
  `The method from one source is compared with the manual template, from several with the best of its sources alone; ` +
  `other ways of transferring with the method from the same source; where one setting is varied, every value with the first.`

function sameSources(a: Condition, b: Condition): boolean {
  return JSON.stringify(a.sources) === JSON.stringify(b.sources)
}

function sameValue(a: Condition, b: Condition, setting: SettingName): boolean {
  return describeSetting(a, setting) === describeSetting(b, setting)
}

/** The same condition with the first value of the setting that is varied; undefined for that value itself. */
function firstValue(
  { condition }: Measurement,
  peers: readonly Measurement[],
  varied: SettingName
): Measurement | undefined {
  const first = peers.find(
    (peer) => peer.condition.method === condition.method && sameSources(peer.condition, condition)
  )
  return first === undefined || sameValue(first.condition, condition, varied) ? undefined : first
}

/** The best of the sources of a condition, each alone with the same settings. */
function bestAlone({ condition }: Measurement, peers: readonly Measurement[]): Measurement | undefined {
  return peers
    .filter(
      (peer) =>
        peer.condition.method === condition.method &&
        peer.condition.sources.length === 1 &&
        settingNames.every((setting) => sameValue(peer.condition, condition, setting)) &&
        condition.sources.some(({ model }) => model === peer.condition.sources[0]?.model)
    )
    .sort((a, b) => b.spread.mean - a.spread.mean)[0]
}

/** What a measurement is compared with among all of its section, or of the experiment where that has none. */
function referenceOf(
  measurement: Measurement,
  section: readonly Measurement[],
  experiment: readonly Measurement[],
  varied: readonly SettingName[]
): Measurement | undefined {
  const { condition } = measurement
  const isPeer = (peer: Measurement): boolean =>
    peer.condition.target === condition.target && peer.condition.taskSet === condition.taskSet
  const peers = section.filter(isPeer)
  const [setting, ...others] = varied
  if (setting !== undefined && others.length === 0) return firstValue(measurement, peers, setting)
  if (condition.sources.length === 0) return undefined
  if (!isRelative(condition)) {
    return peers.find((peer) => isRelative(peer.condition) && sameSources(peer.condition, condition))
  }
  if (condition.sources.length > 1) return bestAlone(measurement, peers)
  return [...peers, ...experiment.filter(isPeer)].find((peer) => peer.condition.kind === 'manual')
}

function describe({ condition }: Measurement, varied: readonly SettingName[]): string {
  const sources = condition.sources.length === 0 ? [] : [`from ${describeSources(condition.sources)}`]
  return [condition.method, ...sources, ...varied.map((name) => describeSetting(condition, name))].join(', ')
}

/** A measurement against what it is compared with; null where they share no example. */
function compare(measurement: Measurement, reference: Measurement, varied: readonly SettingName[]) {
  const { first, second } = pairScores(measurement, reference)
  if (first.length === 0) return null
  return {
    measurement,
    with: describe(reference, varied),
    difference: pairedDifference(first, second),
    test: pairedTest(first, second)
  }
}

/** The comparisons of a section's measurements, by the measurement; other work of the process goes on between them. */
export async function compareMeasurements(
  section: readonly Measurement[],
  experiment: readonly Measurement[],
  varied: readonly SettingName[]
): Promise<Map<Measurement, Comparison>> {
  const tested: NonNullable<ReturnType<typeof compare>>[] = []
  for (const measurement of section) {
    await setImmediate()
    const reference = referenceOf(measurement, section, experiment, varied)
    const compared =
      reference === undefined || reference === measurement ? null : compare(measurement, reference, varied)
    if (compared !== null) tested.push(compared)
  }
  const adjusted = holmAdjusted(tested.map(({ test }) => test.p))
  return new Map(
    tested.map(({ measurement, ...comparison }, index) => [
      measurement,
      { ...comparison, adjusted: adjusted[index] ?? 1 }
    ])
  )
}

/** `↑` where significantly better, `↓` where significantly worse, else nothing. */
export function markOf(comparison: Comparison | undefined): '↑' | '↓' | '' {
  if (comparison === undefined || comparison.adjusted >= significanceLevel) return ''
  return comparison.difference.difference > 0 ? '↑' : '↓'
}
