/** A whole study, measured: every condition of every experiment once, to be found by what it is. */
import { setImmediate } from 'node:timers/promises'
import type { PlannedExperiment, StudyResults } from '#main/experiments/execute/results.ts'
import type { PaperPart } from '#main/experiments/spec/study-file.ts'
import { type ConditionCells, gatherConditions } from './conditions.ts'
import { type ExamplePlaces, type Measurement, type Metric, measureCondition } from './measure.ts'
import { type PublishedTasks, publishedTasks } from './published.ts'

export type MeasuredExperiment = {
  readonly experiment: PlannedExperiment
  readonly conditions: readonly ConditionCells[]
  /** In the order of the conditions, without those that nothing is known of yet. */
  readonly measurements: readonly Measurement[]
}

export type MeasuredStudy = {
  readonly source: StudyResults
  readonly metric: Metric
  /** Task sets that the paper prints figures of. */
  readonly published: PublishedTasks
  readonly experiments: readonly MeasuredExperiment[]
}

/** Measures a study by one metric; other work of the process goes on between conditions. */
export async function measureStudy(
  source: StudyResults,
  metric: Metric,
  places: ExamplePlaces
): Promise<MeasuredStudy> {
  const known = new Map<string, Measurement | null>()
  const measure = (one: ConditionCells): Measurement | null => {
    const key = one.cells.map(({ id }) => id).join()
    const measured = known.get(key)
    if (measured !== undefined) return measured
    const measurement = measureCondition(one, source.results, metric, places)
    known.set(key, measurement)
    return measurement
  }
  const experiments: MeasuredExperiment[] = []
  for (const experiment of source.experiments) {
    const conditions = gatherConditions(experiment.cells)
    const measurements: Measurement[] = []
    for (const condition of conditions) {
      await setImmediate()
      const measurement = measure(condition)
      if (measurement !== null) measurements.push(measurement)
    }
    experiments.push({ experiment, conditions, measurements })
  }
  return { source, metric, published: publishedTasks(source), experiments }
}

/** The experiments that repeat a part of the paper. */
export function experimentsThatShow({ experiments }: MeasuredStudy, part: PaperPart): MeasuredExperiment[] {
  return experiments.filter(({ experiment }) => experiment.shows === part)
}
