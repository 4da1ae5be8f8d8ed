/**
 * What a group takes on a machine that has computed nothing yet: the work that the cost model counts, at the rates that
 * `npm run bench` measured on two cores.
 */
import type { WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { modelBytes } from './group-memory.ts'
import { workOf } from './group-work.ts'

/** Bytes of the model that examples and answers were measured on, BERT-base. */
const measuredBytes = 440e6

/** Seconds for an example that is answered, or seen and validated, in proportion to the size of the model that is run. */
const perExample: Readonly<Record<string, number>> = { tuning: 0.027, refine: 0.023, evaluation: 0.006 }

/** Seconds for a unit of what does not run the model: a product of a search, or a cell's models opened and checked. */
const perUnit: Readonly<Record<string, number>> = { adam: 9e-8, overhead: 1 }

/** Of a baseline or an exact solution, by vectors and anchors. */
const perSolution = 4e-6

function secondsPerUnit(kind: string, bytes: number): number {
  const example = perExample[kind]
  return example === undefined ? (perUnit[kind] ?? perSolution) : example * (bytes / measuredBytes)
}

/**
 * The seconds of a group. They depend on nothing but the group and the size of its model, so that an experiment that is
 * exported again has the same groups.
 */
export async function assumedSeconds(groups: readonly WorkGroup[]): Promise<(group: WorkGroup) => number> {
  const bytes = await modelBytes(groups)
  return (group) =>
    workOf(group).reduce((sum, { kind, work }) => sum + work * secondsPerUnit(kind, bytes(group)), 0)
}
