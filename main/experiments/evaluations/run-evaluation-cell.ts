/** Computes one cell of an evaluation: one task, asked with everything that the cell names. */

import { requireModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import type { CellContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import { requireFound } from '#store/records/row.ts'
import type { EvaluationSettings, EvaluationWork } from '#store/records/work.ts'
import { askModel, type Contestant } from './ask-model.ts'

export async function runEvaluationCell(
  context: CellContext,
  { modelId, device, split, rankWithin, limit }: EvaluationSettings,
  { taskId, contestants }: EvaluationWork,
  cellId: string,
  control: CellControl
): Promise<StoreResult> {
  const { store, engine, versions } = context
  const asked: Contestant[] = []
  for (const contestant of contestants) {
    if (contestant.kind !== 'prompt') asked.push(contestant)
    else {
      const { promptId } = contestant
      asked.push({
        kind: 'prompt',
        prompt: requireFound(await store.read.prompts.get(promptId), 'prompt', promptId).prompt
      })
    }
  }
  const question = {
    model: await requireModel(context, modelId, control.signal),
    task: await requireTask(context, taskId, control.signal),
    asking: { split, rankWithin, limit },
    contestants: asked,
    device
  }
  const answers = await askModel(engine, question, await versions(), control)
  return async ({ evaluations }) => {
    for (const [index, answer] of answers.entries()) {
      const contestant = contestants[index]
      const promptId = contestant?.kind === 'prompt' ? contestant.promptId : null
      await evaluations.add({ cellId, promptId, ...answer })
    }
  }
}
