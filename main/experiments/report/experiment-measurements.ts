/** A whole experiment, measured: every condition of every section once, to be found by what it is. */
import { setImmediate } from 'node:timers/promises'
import type { ExperimentResults, PlannedSection } from '#main/experiments/execute/results.ts'
import type { PaperPart } from '#main/experiments/spec/experiment-file.ts'
import { type ConditionCells, gatherConditions } from './conditions.ts'
import { type ExamplePlaces, type Measurement, type Metric, measureCondition } from './measure.ts'
import { type PublishedTasks, publishedTasks } from './published.ts'

export type MeasuredSection = {
  readonly section: PlannedSection
  readonly conditions: readonly ConditionCells[]
  /** In the order of the conditions, without those that nothing is known of yet. */
  readonly measurements: readonly Measurement[]
}

export type MeasuredExperiment = {
  readonly source: ExperimentResults
  readonly metric: Metric
  /** Task sets that the paper prints figures of. */
  readonly published: PublishedTasks
  readonly sections: readonly MeasuredSection[]
}

/** Measures an experiment by one metric; other work of the process goes on between conditions. */
export async function measureExperiment(
  source: ExperimentResults,
  metric: Metric,
  places: ExamplePlaces
): Promise<MeasuredExperiment> {
  const known = new Map<string, Measurement | null>()
  const measure = (one: ConditionCells): Measurement | null => {
    const key = one.cells.map(({ id }) => id).join()
    const measured = known.get(key)
    if (measured !== undefined) return measured
    const measurement = measureCondition(one, source.results, metric, places)
    known.set(key, measurement)
    return measurement
  }
  const sections: MeasuredSection[] = []
  for (const section of source.sections) {
    const conditions = gatherConditions(section.cells)
    const measurements: Measurement[] = []
    for (const condition of conditions) {
      await setImmediate()
      const measurement = measure(condition)
      if (measurement !== null) measurements.push(measurement)
    }
    sections.push({ section, conditions, measurements })
  }
  return { source, metric, published: publishedTasks(source), sections }
}

/** The sections that repeat a part of the paper. */
export function sectionsThatShow({ sections }: MeasuredExperiment, part: PaperPart): MeasuredSection[] {
  return sections.filter(({ section }) => section.shows === part)
}
