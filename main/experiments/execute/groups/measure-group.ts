/** Measures a group: finds the prompt of every cell, follows searches, asks the target the test split in one pass. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { cellInputs } from '#main/experiments/plan/cell-inputs.ts'
import type { MeasuringGroup, PlannedPrompt } from '#main/experiments/plan/study-plan.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { StudyResult } from '../results.ts'
import { type Asked, askTarget } from './ask-target.ts'
import { carryCells } from './carry-cells.ts'
import { type FollowedCell, followSearches } from './follow-searches.ts'
import {
  type GroupContext,
  requirePlannedModel,
  requirePlannedPrompt,
  requirePlannedTask
} from './group-context.ts'

async function readPrompt(prompt: PlannedPrompt, context: GroupContext): Promise<Matrix> {
  if (prompt.from === 'tuning') return await context.tunedPrompt(prompt.id)
  const { path, part, length, model, id } = prompt
  const choice = { path, part, vectors: length, model }
  const { vectors } = await context.engine.call('prompts.read', choice, { signal: context.signal })
  requirePlannedPrompt(path, hashVectors(vectors), id)
  return vectors
}

function resultOf(
  { cell, curve, matching, selection, chosenStep, notes, seconds }: FollowedCell,
  { scores, skipped, template, predictions, device }: Asked,
  group: MeasuringGroup,
  { versions }: GroupContext
): StudyResult {
  return {
    id: cell.id,
    manifest: {
      inputs: cellInputs(cell, group),
      template,
      device: { asked: group.device, used: device },
      versions: { ...versions }
    },
    scores,
    skipped,
    predictions: predictions.map(({ example, rank, loss, top }) => ({
      example,
      rank,
      loss,
      answer: top[0]?.word ?? ''
    })),
    matching,
    selection,
    chosenStep,
    curve,
    notes,
    seconds
  }
}

/**
 * The results of a group's cells.
 * @throws `mismatch` where an input is not what was planned with, what the engine says of the work, `cancelled`
 */
export async function measureGroup(group: MeasuringGroup, context: GroupContext): Promise<StudyResult[]> {
  for (const model of [group.target, ...group.sources]) await requirePlannedModel(context, model)
  await requirePlannedTask(context, group.task)
  const prompts = new Map<string, Matrix>()
  for (const prompt of group.prompts) prompts.set(prompt.id, await readPrompt(prompt, context))
  const carried = await carryCells(group, prompts, context)
  const followed = await followSearches(group, carried, context)
  const asked = await askTarget(
    group,
    'test',
    followed.map(({ contestant }) => contestant),
    context
  )
  return followed.map((one, index) =>
    resultOf(one, requireFound(asked[index], 'answer for', one.cell.id), group, context)
  )
}
