/** How long a grid will take: by what like work of the project took or, where none was done yet, by a trial whose result is thrown away. */
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

/** An estimator that makes every trial once per project. */
export function createEstimator(): Estimator {
  const trials = new WeakMap<ProjectStore, WorkTime[]>()
  return async (context, groups, signal) => {
    const { store } = context
    const before = await store.read.experiments.times()
    const isKnown = (kind: string): boolean => before.some((time) => time.kind === kind)
    const tried = (trials.get(store) ?? []).filter(({ kind }) => !isKnown(kind))
    const work = groups.map((group) => ({ group, work: workOf(group) }))
    for (const { group, work: own } of work) {
      for (const { kind } of own) {
        if (isKnown(kind) || tried.some((time) => time.kind === kind)) continue
        const cell = group.cells.find(({ method }) => method.kind === kind) ?? group.cells[0]
        if (cell === undefined) continue
        const times = await tryCell(context, group, cell, signal).catch(() => [])
        signal.throwIfAborted()
        if (times.length === 0) return { seconds: null, from: 'trial' }
        tried.push(
          ...times.filter((time) => !isKnown(time.kind) && !tried.some((one) => one.kind === time.kind))
        )
      }
    }
    trials.set(store, tried)
    const all = work.flatMap((one) => one.work)
    return {
      seconds: secondsOf(all, [...before, ...tried]),
      from: all.some(({ kind }) => !isKnown(kind)) ? 'trial' : 'earlier-runs'
    }
  }
}
