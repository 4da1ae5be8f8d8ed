/**
 * How long transfers will take: by what earlier runs of the project took or, where there are none of the kind, by a
 * trial whose result is thrown away.
 */

import type { WorkbenchContext } from '#main/project/context.ts'
import type { ProjectReader, ProjectStore } from '#store/project-store.ts'
import type { TransferSettings } from '#store/records/work.ts'
import type { TransferJob } from './plan-transfer.ts'
import { runTransferCell } from './run-transfer-cell.ts'

export type Estimate = { readonly seconds: number; readonly from: 'earlier-runs' | 'trial' }

type Pace = { readonly seconds: number; readonly from: Estimate['from'] }

export type Estimator = (
  context: WorkbenchContext,
  jobs: readonly TransferJob[],
  signal: AbortSignal
) => Promise<Estimate>

/** A trial need not be long: the steps of a search and the examples of a task are alike. */
const trialSteps = 20
const trialExamples = 8

function stepsOf(solver: TransferSettings['solver']): number {
  return solver.kind === 'adam' ? solver.steps : 1
}

/** Seconds of one cell of a job, its result thrown away; the second time, when the models are open. */
async function timeCell(context: WorkbenchContext, job: TransferJob, signal: AbortSignal): Promise<number> {
  const [cell] = job.cells
  if (cell === undefined) return 0
  const run = () =>
    runTransferCell(
      { ...context, versions: async () => ({}) },
      job.settings,
      cell.work,
      { cellId: 'trial', name: 'trial' },
      { signal, onProgress: () => {} }
    )
  await run()
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1000
}

type Amount = { readonly job: TransferJob; readonly amount: number }

/** Steps of search in all, by kind of search; each with a job to try. */
function countSteps(jobs: readonly TransferJob[]): Map<string, Amount> {
  const steps = new Map<string, Amount>()
  for (const job of jobs) {
    const { solver } = job.settings
    const { amount } = steps.get(solver.kind) ?? { amount: 0 }
    steps.set(solver.kind, { job, amount: amount + job.cells.length * stepsOf(solver) })
  }
  return steps
}

/** Examples asked in all, with a job to try; null where none are. */
async function countExamples(read: ProjectReader, jobs: readonly TransferJob[]): Promise<Amount | null> {
  const tasks = new Map((await read.tasks.list()).map(({ id, summary }) => [id, summary]))
  const asked = jobs.flatMap((job) => {
    const { evaluation } = job.settings
    if (evaluation === null) return []
    const limit = evaluation.limit ?? Number.POSITIVE_INFINITY
    return job.cells.flatMap(({ work }) => {
      const task = work.taskId === null ? undefined : tasks.get(work.taskId)
      return task === undefined ? [] : [{ job, amount: Math.min(task.examples[evaluation.split], limit) }]
    })
  })
  const [first] = asked
  if (first === undefined) return null
  return { job: first.job, amount: asked.reduce((sum, { amount }) => sum + amount, 0) }
}

async function pacePerStep(context: WorkbenchContext, job: TransferJob, signal: AbortSignal): Promise<Pace> {
  const { solver } = job.settings
  const earlier = (await context.store.read.durations.transfers()).find(
    ({ method }) => method === solver.kind
  )
  if (earlier !== undefined) return { seconds: earlier.seconds / earlier.steps, from: 'earlier-runs' }
  const trial = solver.kind === 'adam' ? { ...solver, steps: Math.min(solver.steps, trialSteps) } : solver
  const settings = { ...job.settings, solver: trial, evaluation: null }
  return { seconds: (await timeCell(context, { ...job, settings }, signal)) / stepsOf(trial), from: 'trial' }
}

/** Seconds per example; a trial transfers too, by the exact search, which takes next to nothing. */
async function pacePerExample(
  context: WorkbenchContext,
  job: TransferJob,
  signal: AbortSignal
): Promise<Pace> {
  const earlier = await context.store.read.durations.evaluations()
  if (earlier.examples > 0) return { seconds: earlier.seconds / earlier.examples, from: 'earlier-runs' }
  const { evaluation } = job.settings
  const asked = job.cells.filter(({ work }) => work.taskId !== null)
  if (evaluation === null) return { seconds: 0, from: 'trial' }
  const settings: TransferSettings = {
    ...job.settings,
    solver: { kind: 'exact', ridge: 1 },
    rescale: 'after',
    evaluation: { ...evaluation, limit: trialExamples }
  }
  return {
    seconds: (await timeCell(context, { ...job, cells: asked, settings }, signal)) / trialExamples,
    from: 'trial'
  }
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
    const parts: { amount: number; pace: Pace }[] = []
    for (const [kind, { job, amount }] of countSteps(jobs))
      parts.push({ amount, pace: await once(store, kind, () => pacePerStep(context, job, signal)) })
    const asked = await countExamples(store.read, jobs)
    if (asked !== null) {
      const pace = await once(store, 'evaluation', () => pacePerExample(context, asked.job, signal))
      parts.push({ amount: asked.amount, pace })
    }
    return {
      seconds: parts.reduce((sum, { amount, pace }) => sum + amount * pace.seconds, 0),
      from: parts.some(({ pace }) => pace.from === 'trial') ? 'trial' : 'earlier-runs'
    }
  }
}
