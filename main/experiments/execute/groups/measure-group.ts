/** Measures a group: finds the prompt of every cell, follows searches, evaluates all of them in one pass. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import {
  evaluatedGroup,
  type MeasuringGroup,
  type PlannedModel
} from '#main/experiments/plan/experiment-plan.ts'
import { plannedManifest } from '#main/experiments/plan/planned-manifest.ts'
import { requireFound } from '#store/records/row.ts'
import type { ComputedRun } from '../results.ts'
import { runName } from '../run-name.ts'
import { type Asked, askTarget } from './ask-target.ts'
import { findPrompts } from './find-prompts.ts'
import { type FollowedCell, followSearches, unfollowed } from './follow-searches.ts'
import {
  type GroupContext,
  type InputContext,
  readPlannedPrompt,
  requirePlannedModel,
  requirePlannedTask,
  requireSourceModel,
  requireWholeModel
} from './group-context.ts'
import type { FoundCell } from './group-transfer.ts'

/** The run of a cell; `asked` is what its target answered, undefined where the group is not evaluated. */
export function computedRun(
  { cell, condition, curve, followSeconds, selection, manifest, device, ...found }: FollowedCell,
  asked: Asked | undefined,
  group: MeasuringGroup,
  { versions }: Pick<GroupContext, 'versions'>
): ComputedRun {
  const planned = plannedManifest(cell, group)
  const { task, evaluation } = planned
  const { name = runName(task?.name ?? '', planned) } = cell
  const used = device ?? asked?.device ?? group.device
  return {
    id: cell.id,
    name,
    manifest: {
      ...planned,
      tuning: null,
      template: asked?.template ?? planned.template,
      evaluation:
        asked === undefined || evaluation === null
          ? null
          : { ...evaluation, skipped: asked.skipped, candidates: asked.candidates },
      refinement: undefined,
      selection,
      ...manifest,
      device: { asked: group.device, used },
      versions: { ...versions }
    },
    vectors: condition.kind === 'prompt' && cell.prompt === null ? condition.vectors : null,
    matching: found.matching,
    report: found.report,
    notes: found.notes,
    loss: found.loss,
    chosenStep: found.chosenStep,
    curve,
    scores: asked?.scores ?? null,
    predictions:
      asked?.predictions.map(({ top, ...prediction }) => ({
        ...prediction,
        top: top.slice(0, group.evaluation?.wordsKept)
      })) ?? null,
    seconds: found.seconds,
    evaluationSeconds: asked === undefined ? null : asked.evaluationSeconds + followSeconds
  }
}

/**
 * The prompts of a group's cells, and the group with the weights of the models that it runs.
 * @throws `mismatch` where an input is not what was planned with, what the engine says of the work, `cancelled`
 */
export async function findGroupPrompts(
  group: MeasuringGroup,
  context: InputContext
): Promise<{ group: MeasuringGroup; found: FoundCell[] }> {
  const { task, target } = group
  if (task === null) await requirePlannedModel(context, target)
  const whole = task === null ? target : await requireWholeModel(context, target)
  const sources: PlannedModel[] = []
  for (const model of group.sources) sources.push(await requireSourceModel(context, model, group))
  if (task !== null) await requirePlannedTask(context, task)
  const prompts = new Map<string, Matrix>()
  for (const prompt of group.prompts) prompts.set(prompt.id, await readPlannedPrompt(context, prompt))
  const opened = { ...group, target: whole, sources }
  await context.engine.call('memory.release', { keptFor: 'queries' })
  return { group: opened, found: await findPrompts({ group: opened, prompts, context }) }
}

/** The runs of a group's cells. @throws as `findGroupPrompts` */
export async function measureGroup(planned: MeasuringGroup, context: GroupContext): Promise<ComputedRun[]> {
  const { group, found } = await findGroupPrompts(planned, context)
  const evaluated = evaluatedGroup(group)
  if (evaluated === null) return found.map((one) => computedRun(unfollowed(one), undefined, group, context))
  const { evaluation, task } = evaluated
  await context.engine.call('memory.release', { keptFor: 'transfers' })
  const followed = await followSearches(evaluated, found, context)
  const asked = await askTarget(
    evaluated,
    { split: evaluation.split, limit: task.limit },
    followed.map(({ condition }) => condition),
    context
  )
  return followed.map((one, index) =>
    computedRun(one, requireFound(asked[index], 'answer for', one.cell.id), group, context)
  )
}
