/** How long a grid will take: by what like work of the project took or, where none was done yet, by a trial whose result is thrown away. */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { MeasuringGroup, PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { ProjectStore } from '#store/project-store.ts'
import type { WorkTime } from '#store/records/experiments.ts'
import { secondsOf, timesOf, workOf } from './group-work.ts'
import { computeGroup } from './run-work-group.ts'

/** Null seconds: a trial failed, as the runs may. */
export type Estimate = { readonly seconds: number | null; readonly from: 'earlier-runs' | 'trial' }

export type Estimator = (
  context: WorkbenchContext,
  groups: readonly MeasuringGroup[],
  signal: AbortSignal
) => Promise<Estimate>

/** A trial need not be long: the steps of a search and the examples of a task are alike. */
const trialSteps = 20
const trialExamples = 8

/** The method with fewer steps, which take as long each. */
function shortened(method: PlannedCell['method']): PlannedCell['method'] {
  if (method.kind === 'adam') return { ...method, steps: Math.min(method.steps, trialSteps) }
  return method.kind === 'projector' ? { ...method, epochs: 1 } : method
}

/** How long a cell of the group takes on few examples; the second time, when the models are open. */
async function tryCell(
  context: WorkbenchContext,
  group: MeasuringGroup,
  cell: PlannedCell,
  signal: AbortSignal
): Promise<WorkTime[]> {
  const task = group.task && {
    ...group.task,
    limit: Math.min(group.task.limit ?? trialExamples, trialExamples)
  }
  const trial = { ...group, task, cells: [{ ...cell, method: shortened(cell.method) }] }
  const run = () =>
    computeGroup({ ...context, versions: async () => ({}) }, trial, null, { signal, onProgress: () => {} })
  await run()
  return timesOf(trial, await run())
}

/**
 * Times of every kind of the groups' work that none is known of, by trials.
 * @returns null where one failed, as the runs may
 */
async function tryKinds(
  context: WorkbenchContext,
  groups: readonly MeasuringGroup[],
  known: readonly WorkTime[],
  signal: AbortSignal
): Promise<WorkTime[] | null> {
  const tried: WorkTime[] = []
  const isKnown = (kind: string): boolean => [...known, ...tried].some((time) => time.kind === kind)
  const kinds = groups.flatMap((group) => workOf(group).map(({ kind }) => ({ group, kind })))
  for (const { group, kind } of kinds) {
    const cell = group.cells.find(({ method }) => method.kind === kind) ?? group.cells[0]
    if (cell === undefined || isKnown(kind)) continue
    const times = await tryCell(context, group, cell, signal).catch(() => null)
    throwIfCancelled(signal)
    if (times === null) return null
    tried.push(...times.filter((time) => !isKnown(time.kind)))
  }
  return tried
}

/** An estimator that makes every trial once per project. */
export function createEstimator(): Estimator {
  const trials = new WeakMap<ProjectStore, WorkTime[]>()
  return async (context, groups, signal) => {
    const { store } = context
    const before = await store.read.experiments.times()
    const isKept = (kind: string): boolean => before.some((time) => time.kind === kind)
    const earlier = (trials.get(store) ?? []).filter(({ kind }) => !isKept(kind))
    const anew = await tryKinds(context, groups, [...before, ...earlier], signal)
    if (anew === null) return { seconds: null, from: 'trial' }
    const tried = [...earlier, ...anew]
    trials.set(store, tried)
    const work = groups.flatMap(workOf)
    return {
      seconds: secondsOf(work, [...before, ...tried]),
      from: work.some(({ kind }) => !isKept(kind)) ? 'trial' : 'earlier-runs'
    }
  }
}
