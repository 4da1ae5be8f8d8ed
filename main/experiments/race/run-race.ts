/** Races conditions on a split of their tasks: finds their prompts, asks a block of examples at a time, and names the best. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { EvaluatedCondition } from '#engine/common/contract/evaluation.ts'
import type { SplitName } from '#engine/common/contract/tasks.ts'
import { type RaceResult, type RaceSettings, race } from '#engine/common/statistics/race.ts'
import { findGroupPrompts } from '#main/experiments/execute/groups/measure-group.ts'
import { inputContext, locateMeasuring } from '#main/experiments/execute/run-work-group.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { CellControl } from '#main/queue/queue.ts'
import { requireFound } from '#store/records/row.ts'
import type { RaceArms, RaceGroup } from './race-arms.ts'

export type RaceOrder = Omit<RaceSettings, 'arms' | 'strata'> & { readonly split: SplitName }

export type RaceOutcome = RaceResult & {
  /** N, the examples that the target can be asked. */
  readonly examples: number
  /** K·N, what the whole grid would ask. */
  readonly all: number
}

/** A group with what stands in the template for each arm, and the examples that count. */
type Opened = {
  readonly group: RaceGroup
  readonly conditions: readonly EvaluatedCondition[]
  readonly examples: readonly string[]
}

async function openGroup(
  project: WorkbenchContext,
  group: RaceGroup,
  split: SplitName,
  planned: AnchorSet | null,
  control: CellControl
): Promise<Opened> {
  const located = await locateMeasuring(project, group, control)
  const context = await inputContext(project, group, planned, control)
  const { group: whole, found } = await findGroupPrompts(located, context)
  const byArm = new Map(found.map(({ cell, condition }) => [cell.id, condition]))
  const conditions = group.cells.map(({ id }) => requireFound(byArm.get(id), 'prompt of', id))
  const { device, evaluation, target } = whole
  const task = whole.task ?? group.task
  const request = { model: target.reference, task: task.source, rankWithin: evaluation.rankWithin, device }
  const examples = await project.engine.call(
    'evaluation.examples',
    { ...request, split, limit: task.limit, conditions: conditions.slice(0, 1) },
    { signal: control.signal }
  )
  return { group: { ...group, ...whole, task }, conditions, examples }
}

/** `[arms][examples]` 1 where the label is ranked first. */
async function askGroup(
  { engine }: WorkbenchContext,
  { group, conditions }: Opened,
  split: SplitName,
  arms: readonly number[],
  only: readonly string[],
  signal: AbortSignal
): Promise<number[][]> {
  const { target, task, evaluation, device } = group
  const asked = await engine.call(
    'evaluation.run',
    {
      model: target.reference,
      task: task.source,
      split,
      rankWithin: evaluation.rankWithin,
      limit: task.limit,
      only: [...only],
      conditions: arms.map((arm) => requireFound(conditions[arm], 'prompt of', `${arm}`)),
      device
    },
    { signal }
  )
  return asked.conditions.map(({ predictions }) => {
    const ranks = new Map(predictions.map(({ example, rank }) => [example, rank]))
    return only.map((example) => (ranks.get(example) === 1 ? 1 : 0))
  })
}

/**
 * The best of the arms by the labels of a split; nothing is kept.
 * @param planned anchors of the experiment that they are of
 * @throws what the engine says of the work, `cancelled`
 */
export async function runRace(
  project: WorkbenchContext,
  { arms, groups }: RaceArms,
  { split, ...settings }: RaceOrder,
  planned: AnchorSet | null,
  control: CellControl
): Promise<RaceOutcome> {
  const { signal, onProgress } = control
  const opened: Opened[] = []
  for (const [done, group] of groups.entries()) {
    onProgress({ done, total: groups.length, label: `finding the prompts of ${arms.length} sets` })
    const quiet = { signal, onProgress: () => {} }
    opened.push(await openGroup(project, group, split, planned, quiet))
  }
  const places = opened.flatMap((one, task) => one.examples.map((example) => ({ task, example })))
  const running = race({ ...settings, arms: arms.length, strata: places.map(({ task }) => `${task}`) })
  let step = running.next()
  while (!step.done) {
    const { arms: asked, examples, answers, most } = step.value
    onProgress({ done: answers, total: most, label: `${asked.length} of ${arms.length} sets left` })
    const scores = asked.map(() => new Float64Array(examples.length))
    for (const [task, one] of opened.entries()) {
      const mine = examples.flatMap((place, at) => {
        const found = places[place]
        return found?.task === task ? [{ at, example: found.example }] : []
      })
      if (mine.length === 0) continue
      const only = mine.map(({ example }) => example)
      const answered = await askGroup(project, one, split, asked, only, signal)
      for (const [arm, row] of answered.entries())
        for (const [index, { at }] of mine.entries()) scores[arm]?.set([row[index] ?? 0], at)
    }
    step = running.next(scores)
  }
  return { ...step.value, examples: places.length, all: arms.length * places.length }
}
