/** What the command line races: the sets of an experiment's exact search, on one target. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ExperimentPlan, MeasuringGroup } from '#main/experiments/plan/experiment-plan.ts'
import { armsOf, type RaceArms } from './race-arms.ts'

/** The targets that an experiment transfers to, in its order. */
export function targetsOf({ groups }: ExperimentPlan): string[] {
  return [
    ...new Set(
      groups.flatMap((group) =>
        group.kind === 'measuring' && group.cells.some(({ sources }) => sources.length > 0)
          ? [group.target.name]
          : []
      )
    )
  ]
}

/** The groups of a target with what is raced of their cells. @param section the one that is raced; null: all */
function racedGroups(
  { groups, sections }: ExperimentPlan,
  target: string,
  section: string | null
): MeasuringGroup[] {
  const wanted = section === null ? null : sections.find(({ name }) => name === section)
  if (wanted === undefined)
    throw new AnchorageError('not-found', 'The experiment has no such section.', {
      found: section ?? '',
      expected: sections.map(({ name }) => name).join(', ')
    })
  const ids = wanted && new Set(wanted.cells.map(({ id }) => id))
  return groups.flatMap((group) => {
    if (group.kind !== 'measuring' || group.target.name !== target) return []
    const cells = group.cells.filter(
      ({ id, method, sources }) =>
        method.kind === 'exact' && sources.length > 0 && (ids === null || ids.has(id))
    )
    if (cells.length === 0) return []
    // Others of the group may have prompts that are not tuned yet.
    const used = new Set(cells.flatMap(({ sources }) => sources.map(({ prompt }) => prompt)))
    return [{ ...group, cells, prompts: group.prompts.filter(({ id }) => used.has(id)) }]
  })
}

/**
 * The sets of an experiment on one of its targets.
 * @throws `not-found` for a section that is not there, `bad-argument` where there are fewer than two sets, and as `armsOf`
 */
export function armsOfExperiment(plan: ExperimentPlan, target: string, section: string | null): RaceArms {
  const raced = armsOf(racedGroups(plan, target, section))
  if (raced.arms.length > 1) return raced
  throw new AnchorageError('bad-argument', 'There is nothing to race.', {
    where: target,
    found: '1 set of sources',
    expected: 'two sets or more that the exact search transfers',
    next: 'Write `sources: subsets` into a section of the experiment.'
  })
}
