/**
 * The cost model: how much work of each kind a group is, how long it took, and how long others will take by that. Work of
 * one kind on one model is proportional to its seconds.
 */
import { isBaseline } from '#engine/common/contract/methods.ts'
import {
  evaluatedGroup,
  type MeasuringGroup,
  type PlannedCell,
  type WorkGroup
} from '#main/experiments/plan/experiment-plan.ts'
import type { WorkTime } from '#store/records/experiments.ts'
import { shareWork } from './groups/find-prompts.ts'
import type { GroupOutcome } from './groups/run-group.ts'

/** How much of a kind a group does on its model, in the kind's own unit. */
export type Work = Omit<WorkTime, 'seconds'>

/**
 * Of cells that share work: steps, each a product of every vector with every anchor where the method has anchors; of
 * refinements the examples answered by sources and seen by the target.
 */
function searchWork(
  cells: readonly PlannedCell[],
  { method, sources, length, anchors }: PlannedCell,
  train: number
): number {
  if (method.kind === 'refine')
    return cells.length * (sources.length + method.epochs) * Math.min(train, method.inputs ?? train)
  const product = (length ?? 1) * (anchors ?? 1)
  if (method.kind === 'adam') return product * method.steps
  // One solution of each source serves all cells that share it; so does what a baseline fits to it.
  const distinct = new Set(cells.flatMap((cell) => cell.sources.map(({ prompt }) => prompt)))
  if (method.kind === 'exact') return product * distinct.size
  return isBaseline(method) ? product * sources.length * (method.kind === 'projector' ? method.epochs : 1) : 0
}

/** Answers to the split that is evaluated, and along the searches that are followed to the dev split. */
function answersOf(group: MeasuringGroup): number {
  const evaluated = evaluatedGroup(group)
  if (evaluated === null) return 0
  const { task, evaluation, cells } = evaluated
  const examples = Math.min(task.examples[evaluation.split], task.limit ?? Number.POSITIVE_INFINITY)
  const snapshots = cells.map(({ method }) => {
    if (method.kind === 'adam')
      return Math.floor(method.steps / (method.snapshotEvery ?? Number.POSITIVE_INFINITY))
    if (method.kind === 'projector')
      return Math.floor(method.epochs / (method.snapshotEvery ?? Number.POSITIVE_INFINITY))
    return 0
  })
  return cells.length * examples + snapshots.reduce((sum, one) => sum + one, 0) * task.examples.dev
}

/** The work of a group, by kind: examples seen while tuning; searches by method, answers, and what each cell needs besides. */
export function workOf(group: WorkGroup): Work[] {
  if (group.kind === 'tuning') {
    const { model, task, settings, labels } = group
    const { train } = task.examples
    return [{ model: model.name, kind: 'tuning', work: Math.min(train, labels ?? train) * settings.epochs }]
  }
  const work = new Map<string, number>()
  const add = (kind: string, amount: number): void => {
    if (amount > 0) work.set(kind, (work.get(kind) ?? 0) + amount)
  }
  for (const cells of shareWork(group.cells)) {
    const [first] = cells
    if (first !== undefined) add(first.method.kind, searchWork(cells, first, group.task?.examples.train ?? 0))
  }
  add('evaluation', answersOf(group))
  // Opening models, and the retrieval that checks each cell.
  add('overhead', group.cells.length)
  return [...work].map(([kind, amount]) => ({ model: group.target.name, kind, work: amount }))
}

function secondsByKind(outcome: GroupOutcome): ReadonlyMap<string, number> {
  if (outcome.kind === 'tuning') return new Map([['tuning', outcome.seconds]])
  const seconds = new Map<string, number>()
  let overhead = outcome.seconds
  for (const { manifest, seconds: searched, evaluationSeconds } of outcome.runs) {
    const { kind } = manifest.method
    seconds.set(kind, (seconds.get(kind) ?? 0) + searched)
    seconds.set('evaluation', (seconds.get('evaluation') ?? 0) + (evaluationSeconds ?? 0))
    overhead -= searched + (evaluationSeconds ?? 0)
  }
  return seconds.set('overhead', Math.max(0, overhead))
}

/** How long the work of a group took, by kind. */
export function timesOf(group: WorkGroup, outcome: GroupOutcome): WorkTime[] {
  const seconds = secondsByKind(outcome)
  return workOf(group).map((work) => ({ ...work, seconds: seconds.get(work.kind) ?? 0 }))
}

/**
 * Seconds for work, by the rate of each kind on its model, or on any where that has none yet; null where no work of a kind
 * was done before.
 */
export function secondsOf(work: readonly Work[], times: readonly WorkTime[]): number | null {
  let seconds = 0
  for (const { model, kind, work: amount } of work) {
    const alike = times.filter((time) => time.kind === kind)
    const own = alike.filter((time) => time.model === model)
    const known = own.length > 0 ? own : alike
    const done = known.reduce((sum, time) => sum + time.work, 0)
    if (done === 0) return null
    seconds += (amount * known.reduce((sum, time) => sum + time.seconds, 0)) / done
  }
  return seconds
}
