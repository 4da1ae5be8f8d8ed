/** How much work a group is, and how long what is left will take by what its like took before. */

import type { PlannedCell, WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import type { GroupTime } from '#store/records/experiments.ts'

type GroupWork = Pick<GroupTime, 'model' | 'kind' | 'work'>

/** Answers of sources and steps of searches, and examples seen while refining. */
function searchWork({ method }: PlannedCell, train: number): number {
  if (method.kind === 'adam') return method.steps
  if (method.kind !== 'refine') return 0
  return (1 + method.epochs) * Math.min(train, method.inputs ?? train)
}

/** Work of one kind is in one unit: examples seen while tuning, answers and steps of searches while measuring. */
export function workOf(group: WorkGroup): GroupWork {
  if (group.kind === 'tuning') {
    const { model, kind, task, settings, labels } = group
    const { train } = task.examples
    return { model: model.name, kind, work: Math.min(train, labels ?? train) * settings.epochs }
  }
  const { target, kind, task, evaluation, cells } = group
  const asked = task?.examples[evaluation.split] ?? 0
  const examples = Math.min(asked, task?.limit ?? asked)
  const work = cells.reduce((sum, cell) => {
    const { method } = cell
    const followed = method.kind === 'adam' && method.snapshotEvery !== null
    const snapshots = followed ? Math.floor(method.steps / (method.snapshotEvery ?? method.steps)) : 0
    const { dev = 0, train = 0 } = task?.examples ?? {}
    return sum + examples + snapshots * dev + searchWork(cell, train)
  }, 0)
  return { model: target.name, kind, work }
}

/**
 * Seconds for the groups, by the rate of groups of their kind on their model, or on any where that has none yet; null
 * where no group of a kind has run.
 */
export function estimateSeconds(groups: readonly WorkGroup[], times: readonly GroupTime[]): number | null {
  let seconds = 0
  for (const { model, kind, work } of groups.map(workOf)) {
    const alike = times.filter((time) => time.kind === kind)
    const own = alike.filter((time) => time.model === model)
    const known = own.length > 0 ? own : alike
    const done = known.reduce((sum, time) => sum + time.work, 0)
    if (done === 0) return null
    seconds += (work * known.reduce((sum, time) => sum + time.seconds, 0)) / done
  }
  return seconds
}
