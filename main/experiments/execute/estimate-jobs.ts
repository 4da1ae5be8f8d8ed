/**
 * How long transfers will take: by what earlier runs of the project took or, where there are none of the kind, by a
 * trial whose result is thrown away.
 */
import type { MeasuringGroup, PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import type { PlannedJob } from '#main/experiments/plan/registered-inputs.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { ProjectStore } from '#store/project-store.ts'
import { computeGroup } from './run-work-group.ts'

export type Estimate = { readonly seconds: number; readonly from: 'earlier-runs' | 'trial' }

type Pace = { readonly seconds: number; readonly from: Estimate['from'] }

export type Estimator = (
  context: WorkbenchContext,
  jobs: readonly PlannedJob<MeasuringGroup>[],
  signal: AbortSignal
) => Promise<Estimate>

/** A trial need not be long: the steps of a search and the examples of a task are alike. */
const trialSteps = 20
const trialExamples = 8

/** A transfer of one prompt. */
type Transfer = { readonly group: MeasuringGroup; readonly cell: PlannedCell }

function transfersOf(jobs: readonly PlannedJob<MeasuringGroup>[]): Transfer[] {
  return jobs.flatMap(({ groups }) => groups.flatMap((group) => group.cells.map((cell) => ({ group, cell }))))
}

function stepsOf({ method }: PlannedCell): number {
  return method.kind === 'adam' ? method.steps : method.kind === 'projector' ? method.epochs : 1
}

/** The method with fewer steps, which take as long each. */
function shortened(method: PlannedCell['method']): PlannedCell['method'] {
  if (method.kind === 'adam') return { ...method, steps: Math.min(method.steps, trialSteps) }
  return method.kind === 'projector' ? { ...method, epochs: 1 } : method
}

/** Seconds of a transfer, its result thrown away; the second time, when the models are open. */
async function timeTransfer(
  context: WorkbenchContext,
  { group, cell }: Transfer,
  signal: AbortSignal
): Promise<number> {
  const run = () =>
    computeGroup({ ...context, versions: async () => ({}) }, { ...group, cells: [cell] }, null, {
      signal,
      onProgress: () => {}
    })
  await run()
  return (await run()).seconds
}

type Amount = { readonly transfer: Transfer; readonly amount: number }

/** Steps of search in all, by method; each with a transfer to try. */
function countSteps(transfers: readonly Transfer[]): Map<string, Amount> {
  const steps = new Map<string, Amount>()
  for (const transfer of transfers) {
    const { kind } = transfer.cell.method
    const known = steps.get(kind) ?? { transfer, amount: 0 }
    steps.set(kind, { ...known, amount: known.amount + stepsOf(transfer.cell) })
  }
  return steps
}

/** Examples evaluated in all, with a transfer to try; null where none are. */
function countExamples(transfers: readonly Transfer[]): Amount | null {
  const evaluated = transfers.flatMap((transfer) => {
    const { task, evaluation } = transfer.group
    if (task === null) return []
    return [
      { transfer, amount: Math.min(task.examples[evaluation.split], task.limit ?? Number.POSITIVE_INFINITY) }
    ]
  })
  const [first] = evaluated
  if (first === undefined) return null
  return { ...first, amount: evaluated.reduce((sum, { amount }) => sum + amount, 0) }
}

async function pacePerStep(
  context: WorkbenchContext,
  { group, cell }: Transfer,
  signal: AbortSignal
): Promise<Pace> {
  const { method } = cell
  const earlier = (await context.store.read.durations.transfers()).find((one) => one.method === method.kind)
  if (earlier !== undefined) return { seconds: earlier.seconds / earlier.steps, from: 'earlier-runs' }
  const trial = { group: { ...group, task: null }, cell: { ...cell, method: shortened(method) } }
  return { seconds: (await timeTransfer(context, trial, signal)) / stepsOf(trial.cell), from: 'trial' }
}

/** Seconds per example; a trial transfers too, by the exact search, which takes next to nothing. */
async function pacePerExample(
  context: WorkbenchContext,
  { group, cell }: Transfer,
  signal: AbortSignal
): Promise<Pace> {
  const earlier = await context.store.read.durations.evaluations()
  if (earlier.examples > 0) return { seconds: earlier.seconds / earlier.examples, from: 'earlier-runs' }
  const task = group.task && { ...group.task, limit: trialExamples }
  const trial: Transfer = {
    group: { ...group, task },
    cell: cell.anchors === null ? cell : { ...cell, method: { kind: 'exact', ridge: 1 }, rescale: 'after' }
  }
  return { seconds: (await timeTransfer(context, trial, signal)) / trialExamples, from: 'trial' }
}

/** An estimator that makes every trial once per project. */
export function createEstimator(): Estimator {
  const trials = new WeakMap<ProjectStore, Map<string, Pace>>()
  const once = async (store: ProjectStore, key: string, measure: () => Promise<Pace>): Promise<Pace> => {
    const made = trials.get(store) ?? new Map<string, Pace>()
    trials.set(store, made)
    const known = made.get(key)
    if (known !== undefined) return known
    const pace = await measure()
    if (pace.from === 'trial') made.set(key, pace)
    return pace
  }
  return async (context, jobs, signal) => {
    const { store } = context
    const transfers = transfersOf(jobs)
    const parts: { amount: number; pace: Pace }[] = []
    for (const [kind, { transfer, amount }] of countSteps(transfers))
      parts.push({ amount, pace: await once(store, kind, () => pacePerStep(context, transfer, signal)) })
    const evaluated = countExamples(transfers)
    if (evaluated !== null) {
      const pace = await once(store, 'evaluation', () => pacePerExample(context, evaluated.transfer, signal))
      parts.push({ amount: evaluated.amount, pace })
    }
    return {
      seconds: parts.reduce((sum, { amount, pace }) => sum + amount * pace.seconds, 0),
      from: parts.some(({ pace }) => pace.from === 'trial') ? 'trial' : 'earlier-runs'
    }
  }
}
