/** What each condition of an experiment scored: pooled over its tasks, spread over its seeds, kept by example for tests. */
import { mean } from 'simple-statistics'
import type { Retrieval } from '#engine/common/contract/retrieval.ts'
import { countsSentence } from '#engine/common/format/counts-sentence.ts'
import { type Interval, meanInterval } from '#engine/common/statistics/bootstrap.ts'
import { type Spread, spreadOf } from '#engine/common/statistics/spread.ts'
import type { EvaluatedRun, ExperimentCell, ExperimentResults } from '#main/experiments/execute/results.ts'
import type { ExperimentFile } from '#main/experiments/spec/experiment-file.ts'
import type { Condition, ConditionCells } from './conditions.ts'
import { groupBy } from './group-by.ts'

export type Metric = ExperimentFile['metrics'][number]

export type Measurement = {
  readonly condition: Condition
  /** Mean over examples of all tasks (the paper's micro average), then mean and spread over seeds. */
  readonly spread: Spread
  /** The micro average of every seed. */
  readonly bySeed: readonly number[]
  /** Every task counts once, whatever its examples. */
  readonly macro: number
  /** 95 % bootstrap interval over examples; the answers of all seeds to an example stay together. */
  readonly interval: Interval
  readonly tasks: number
  readonly examples: number
  /** By the place of the example ({@link placeExamples}): its mean over seeds, NaN where it was not asked. */
  readonly scores: Float64Array
  /** Mean over tasks and seeds; null where nothing was transferred in the relative space. */
  readonly matching: number | null
  /** Of the condition; null where it was not measured. */
  readonly retrieval: Retrieval | null
  /** Cells of the condition, and how many of them have a result. */
  readonly planned: number
  readonly done: number
  /** Whether a prompt or its set of sources was chosen by labels of the target: not zero-shot. */
  readonly validated: boolean
  /** Of prompts refined without labels: the most inputs and steps on the target that one took; not zero-shot either. */
  readonly refined: { readonly inputs: number; readonly steps: number } | null
  /** Of finding the prompts of all cells. */
  readonly seconds: number
}

/** Where the score of an example stands, task set by task set. */
export type ExamplePlaces = {
  /** How many examples a task set has, as far as they were asked. */
  readonly count: (taskSet: string) => number
  /** `[examples]`: the place of each. */
  readonly of: (task: ExperimentCell['task'], examples: readonly string[]) => Int32Array
}

/** Gives every example that was asked a place among those of its task set. */
export function placeExamples({ sections, results }: ExperimentResults): ExamplePlaces {
  const places = new Map<string, number>()
  const counts = new Map<string, number>()
  // Results that asked the same examples share their list.
  const known = new Map<string, Map<readonly string[], Int32Array>>()
  const placeOf = ({ set, name }: ExperimentCell['task'], example: string): number => {
    const key = `${set}\n${name}\n${example}`
    const place = places.get(key) ?? counts.get(set) ?? 0
    if (!places.has(key)) counts.set(set, place + 1)
    places.set(key, place)
    return place
  }
  const placesOf = (task: ExperimentCell['task'], examples: readonly string[]): Int32Array => {
    const key = `${task.set}\n${task.name}`
    const lists = known.get(key) ?? new Map<readonly string[], Int32Array>()
    const placed = lists.get(examples) ?? Int32Array.from(examples, (example) => placeOf(task, example))
    known.set(key, lists.set(examples, placed))
    return placed
  }
  for (const { task, id } of sections.flatMap(({ cells }) => cells)) {
    const result = results.get(id)
    if (result !== undefined) placesOf(task, result.examples)
  }
  return { count: (taskSet) => counts.get(taskSet) ?? 0, of: placesOf }
}

/** What an answer scores whose label has this rank. */
function scoreOf(rank: number, metric: Metric): number {
  switch (metric) {
    case 'accuracy':
      return rank === 1 ? 1 : 0
    case 'precisionAt10':
      return rank <= 10 ? 1 : 0
    case 'meanReciprocalRank':
      return 1 / rank
  }
}

type DoneCell = { readonly cell: ExperimentCell; readonly result: EvaluatedRun }

/** The mean score of all answers of each group of cells. */
function meansBy(
  done: readonly DoneCell[],
  metric: Metric,
  keyOf: (cell: ExperimentCell) => unknown
): number[] {
  return [...groupBy(done, ({ cell }) => keyOf(cell)).values()]
    .map((cells) => cells.flatMap(({ result }) => Array.from(result.ranks, (rank) => scoreOf(rank, metric))))
    .filter(({ length }) => length > 0)
    .map(mean)
}

/** The mean score of every example over the seeds that asked it. */
function scoresByExample(done: readonly DoneCell[], metric: Metric, places: ExamplePlaces): Float64Array {
  const size = places.count(done[0]?.cell.task.set ?? '')
  const [sums, asked] = [new Float64Array(size), new Float64Array(size)]
  for (const { cell, result } of done) {
    const at = places.of(cell.task, result.examples)
    for (const [index, rank] of result.ranks.entries()) {
      const place = at[index] ?? 0
      sums[place] = (sums[place] ?? 0) + scoreOf(rank, metric)
      asked[place] = (asked[place] ?? 0) + 1
    }
  }
  return sums.map((sum, place) => sum / (asked[place] ?? 0))
}

/** Scores that are there. */
export function askedScores(scores: Float64Array): number[] {
  return [...scores].filter((score) => !Number.isNaN(score))
}

function costOf(done: readonly DoneCell[]): Measurement['refined'] {
  const refined = done.flatMap(({ result }) => result.manifest.refinement ?? [])
  if (refined.length === 0) return null
  return {
    inputs: Math.max(...refined.map(({ teaching }) => teaching.inputs)),
    steps: Math.max(...refined.map(({ steps }) => steps))
  }
}

/** What a condition scored; null where nothing of it was run or asked. */
export function measureCondition(
  { condition, cells }: ConditionCells,
  results: ExperimentResults['results'],
  metric: Metric,
  places: ExamplePlaces
): Measurement | null {
  const done = cells.flatMap((cell): DoneCell[] => {
    const result = results.get(cell.id)
    return result === undefined ? [] : [{ cell, result }]
  })
  const scores = scoresByExample(done, metric, places)
  const asked = askedScores(scores)
  if (asked.length === 0) return null
  const bySeed = meansBy(done, metric, ({ seed }) => seed)
  const byTask = meansBy(done, metric, ({ task }) => task.name)
  const matchings = done.flatMap(({ result }) => (result.matching === null ? [] : [result.matching]))
  return {
    condition,
    spread: spreadOf(bySeed),
    bySeed,
    macro: mean(byTask),
    interval: meanInterval(asked),
    tasks: byTask.length,
    examples: asked.length,
    scores,
    retrieval: done.flatMap(({ result }) => result.manifest.retrieval ?? [])[0] ?? null,
    matching: matchings.length === 0 ? null : mean(matchings),
    planned: cells.length,
    done: done.length,
    validated: done.some(
      ({ result }) => result.manifest.selection === 'validation' || result.chosenOn !== null
    ),
    refined: costOf(done),
    seconds: done.reduce((sum, { result }) => sum + result.seconds, 0)
  }
}

/** Whether every cell of a condition was run. */
export function isComplete({ planned, done }: Measurement): boolean {
  return planned === done
}

/** How much measurements are of; a task set that several of them asked counts once. */
export function describeCounts(measurements: readonly Measurement[]): string {
  const sets = [...groupBy(measurements, ({ condition }) => condition.taskSet).values()]
  const ofSets = (numberOf: (measurement: Measurement) => number): number =>
    sets.reduce((sum, group) => sum + Math.max(...group.map(numberOf)), 0)
  return countsSentence({
    runs: measurements.reduce((sum, { done }) => sum + done, 0),
    tasks: ofSets(({ tasks }) => tasks),
    task: 'task',
    examples: ofSets(({ examples }) => examples)
  })
}
