/**
 * Asks the dev split with the prompts along the searches of a group: accuracy by matching (Figure 2), and the step that
 * validation chooses where a method asks for it, as the paper's runs do.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { CurvePoint } from '#engine/common/contract/runs.ts'
import type { EvaluatedGroup } from '#main/experiments/plan/experiment-plan.ts'
import { askTarget } from './ask-target.ts'
import type { GroupContext } from './group-context.ts'
import type { FoundCell } from './group-transfer.ts'

export type FollowedCell = FoundCell & {
  /** That the answers along its search took. */
  readonly followSeconds: number
}

/** A cell whose search was not followed. */
export function unfollowed(found: FoundCell): FollowedCell {
  return { ...found, followSeconds: 0 }
}

/** Of equal accuracies the one with the higher mean reciprocal rank; of equal ones the earlier. */
function isBetter(point: CurvePoint, best: CurvePoint): boolean {
  if (point.accuracy !== best.accuracy) return point.accuracy > best.accuracy
  return point.meanReciprocalRank > best.meanReciprocalRank
}

/** The cell with the snapshot that its curve is best at. */
function chooseByValidation(found: FoundCell, curve: readonly CurvePoint[]): FoundCell {
  const best = curve.reduce((one, other) => (isBetter(other, one) ? other : one))
  const snapshot = found.snapshots.find(({ step }) => step === best.step)
  if (snapshot === undefined || found.condition.kind !== 'prompt') return found
  return {
    ...found,
    condition: { ...found.condition, vectors: snapshot.prompt },
    matching: snapshot.matching,
    chosenStep: snapshot.step
  }
}

function requireDevSplit({ task }: EvaluatedGroup): void {
  if (task.examples.dev > 0) return
  throw new AnchorageError('bad-argument', 'There is nothing to follow the search with.', {
    where: task.name,
    found: 'a task without a dev split',
    expected: 'dev.jsonl, or a dev file, with examples',
    next: 'Add one, or take snapshotEvery out of the method.'
  })
}

/** Adds the curve to every cell that has snapshots; all of them are asked in one pass. */
export async function followSearches(
  group: EvaluatedGroup,
  found: readonly FoundCell[],
  context: GroupContext
): Promise<FollowedCell[]> {
  const all = found.flatMap(({ cell: { id, template }, snapshots }) =>
    snapshots.map((snapshot) => ({ ...snapshot, id, template }))
  )
  if (all.length === 0) return found.map(unfollowed)
  requireDevSplit(group)
  const answers = await askTarget(
    group,
    { split: 'dev', limit: null },
    all.map(({ id, template, step, prompt }) => ({
      kind: 'prompt',
      name: `${id}, step ${step}`,
      vectors: prompt,
      template
    })),
    context
  )
  const curves = new Map<string, CurvePoint[]>()
  const seconds = new Map<string, number>()
  for (const [index, { id, step, matching }] of all.entries()) {
    const answer = answers[index]
    if (answer === undefined) continue
    const { accuracy, meanReciprocalRank } = answer.scores
    seconds.set(id, (seconds.get(id) ?? 0) + answer.evaluationSeconds)
    curves.set(id, [...(curves.get(id) ?? []), { step, matching, accuracy, meanReciprocalRank }])
  }
  return found.map((one) => {
    const curve = curves.get(one.cell.id)
    if (curve === undefined) return unfollowed(one)
    const chosen = one.selection === 'validation' ? chooseByValidation(one, curve) : one
    return { ...chosen, curve, followSeconds: seconds.get(one.cell.id) ?? 0 }
  })
}
