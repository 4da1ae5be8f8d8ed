/** What is raced: conditions on one target, on the tasks that all of them have, a group per task with a cell per condition. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  type EvaluatedGroup,
  evaluatedGroup,
  type MeasuringGroup,
  type PlannedCell
} from '#main/experiments/plan/experiment-plan.ts'

/** The cells of a condition are alike but for prompts, template and name. */
export type Arm = Pick<
  PlannedCell,
  'method' | 'seed' | 'length' | 'anchors' | 'mask' | 'centre' | 'rescale'
> & {
  readonly sources: readonly { readonly model: string; readonly weight: number }[]
}

/** A group whose cells are those of the arms, in their order; the id of a cell is the place of its arm. */
export type RaceGroup = EvaluatedGroup

export type RaceArms = { readonly arms: readonly Arm[]; readonly groups: readonly RaceGroup[] }

function armOf({ method, sources, seed, length, anchors, mask, centre, rescale }: PlannedCell): Arm {
  return {
    method,
    sources: sources.map(({ model, weight }) => ({ model, weight })),
    seed,
    length,
    anchors,
    mask,
    centre,
    rescale
  }
}

/** What may differ between the sets of a race is their sources alone: two values of a setting are two questions. */
function requireOneSetting(arms: readonly Arm[]): void {
  const settings = distinct(
    arms.map(({ sources: _, ...setting }) => setting),
    (setting) => JSON.stringify(setting)
  )
  const [first, second] = settings.map((setting) => Object.entries(setting))
  if (first === undefined || second === undefined) return
  const [name, value] =
    first.find(([, value], at) => JSON.stringify(value) !== JSON.stringify(second[at]?.[1])) ?? []
  const other = second.find(([key]) => key === name)?.[1]
  throw new AnchorageError('bad-argument', 'The sets differ in more than their sources.', {
    where: name ?? 'settings',
    found: `${JSON.stringify(value)} and ${JSON.stringify(other)}`,
    expected: 'one value of every setting',
    next: 'Race one section at a time, or take the other values out of the experiment.'
  })
}

function distinct<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [keyOf(one), one])).values()]
}

/**
 * The conditions of groups of one target, with the tasks that all of them are planned for.
 * @throws `bad-argument` where they have no task in common, or differ in a setting
 */
export function armsOf(groups: readonly MeasuringGroup[]): RaceArms {
  const arms = distinct(
    groups.flatMap(({ cells }) => cells.map(armOf)),
    (arm) => JSON.stringify(arm)
  )
  requireOneSetting(arms)
  const byTask = new Map<string, EvaluatedGroup[]>()
  for (const group of groups) {
    const evaluated = evaluatedGroup(group)
    if (evaluated === null) continue
    const { sha256 } = evaluated.task
    byTask.set(sha256, [...(byTask.get(sha256) ?? []), evaluated])
  }
  const raced = [...byTask.values()].flatMap((ofTask): EvaluatedGroup[] => {
    const cells = new Map(
      ofTask.flatMap((group) => group.cells.map((cell) => [JSON.stringify(armOf(cell)), cell] as const))
    )
    const [first] = ofTask
    const own = arms.flatMap((arm, place) => {
      const cell = cells.get(JSON.stringify(arm))
      return cell === undefined ? [] : [{ ...cell, id: `${place}` }]
    })
    if (first === undefined || own.length < arms.length) return []
    return [
      {
        ...first,
        cells: own,
        sources: distinct(
          ofTask.flatMap(({ sources }) => sources),
          ({ registered, name }) => registered ?? name
        ),
        prompts: distinct(
          ofTask.flatMap(({ prompts }) => prompts),
          ({ id }) => id
        )
      }
    ]
  })
  if (raced.length === 0)
    throw new AnchorageError('bad-argument', 'There is no task that all of the sets could be compared on.', {
      found: `${arms.length} sets, ${byTask.size} tasks`,
      expected: 'a task that every set has a prompt for, and a target that can be evaluated',
      next: 'Register the task of the prompts’ relation, and choose sources that have prompts of the same relations.'
    })
  return { arms, groups: raced }
}
