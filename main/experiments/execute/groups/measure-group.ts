/** Measures a group: finds the prompt of every cell, follows searches, evaluates all of them on the test split in one pass. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { MeasuringGroup, PlannedPrompt } from '#main/experiments/plan/experiment-plan.ts'
import { plannedManifest } from '#main/experiments/plan/planned-manifest.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { ComputedRun } from '../results.ts'
import { runName } from '../run-name.ts'
import { type Asked, askTarget } from './ask-target.ts'
import { findPrompts } from './find-prompts.ts'
import { type FollowedCell, followSearches } from './follow-searches.ts'
import {
  type GroupContext,
  requirePlannedModel,
  requirePlannedPrompt,
  requirePlannedTask,
  requireWholeModel
} from './group-context.ts'

/** Of every prediction the best word alone is kept: an experiment has millions. */
const wordsKept = 1

async function readPrompt(prompt: PlannedPrompt, context: GroupContext): Promise<Matrix> {
  if (prompt.from === 'tuning') return await context.tunedPrompt(prompt.id)
  const { path, part, length, model, id } = prompt
  const choice = { path, part, vectors: length, model }
  const { vectors } = await context.engine.call('prompts.read', choice, { signal: context.signal })
  requirePlannedPrompt(path, hashVectors(vectors), id)
  return vectors
}

function computedRun(
  {
    cell,
    condition,
    curve,
    matching,
    report,
    loss,
    selection,
    checked,
    chosenStep,
    notes,
    seconds
  }: FollowedCell,
  { scores, skipped, template, predictions, device, candidates, evaluationSeconds }: Asked,
  group: MeasuringGroup,
  { versions }: GroupContext
): ComputedRun {
  const planned = plannedManifest(cell, group)
  return {
    id: cell.id,
    name: runName(group.task.name, planned),
    manifest: {
      ...planned,
      tuning: null,
      relation: group.task.source.kind === 'relation' ? group.task.name : null,
      template,
      evaluation: { ...planned.evaluation, skipped, candidates },
      selection,
      ...checked,
      device: { asked: group.device, used: device },
      versions: { ...versions }
    },
    vectors: condition.kind === 'prompt' && cell.prompt === null ? condition.vectors : null,
    matching,
    report,
    notes,
    loss,
    chosenStep,
    curve,
    scores,
    predictions: predictions.map(({ top, ...prediction }) => ({
      ...prediction,
      top: top.slice(0, wordsKept)
    })),
    seconds,
    evaluationSeconds
  }
}

/**
 * The runs of a group's cells.
 * @throws `mismatch` where an input is not what was planned with, what the engine says of the work, `cancelled`
 */
export async function measureGroup(planned: MeasuringGroup, context: GroupContext): Promise<ComputedRun[]> {
  const group = { ...planned, target: await requireWholeModel(context, planned.target) }
  for (const model of group.sources) await requirePlannedModel(context, model)
  await requirePlannedTask(context, group.task)
  const prompts = new Map<string, Matrix>()
  for (const prompt of group.prompts) prompts.set(prompt.id, await readPrompt(prompt, context))
  const found = await findPrompts({ group, prompts, context })
  const followed = await followSearches(group, found, context)
  const asked = await askTarget(
    group,
    'test',
    followed.map(({ condition }) => condition),
    context
  )
  return followed.map((one, index) =>
    computedRun(one, requireFound(asked[index], 'answer for', one.cell.id), group, context)
  )
}
