/** Computes one cell of an evaluation: one task, evaluated with everything that the cell names; a run each. */
import { modelIdentity, requireWholeModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import type { CellContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import { requireFound } from '#store/records/row.ts'
import type { EvaluationJobSettings, EvaluationWork } from '#store/records/work.ts'
import { type AskedCondition, evaluateAll } from './evaluate-all.ts'
import { evaluatedRun, plainRun, promptRun, type Unevaluated } from './evaluated-run.ts'

export async function runEvaluationCell(
  context: CellContext,
  { modelId, device, split, rankWithin, limit }: EvaluationJobSettings,
  { taskId, contestants: conditions }: EvaluationWork,
  cellId: string,
  control: CellControl
): Promise<StoreResult> {
  const { store, engine, versions } = context
  const model = await requireWholeModel(context, modelId, control)
  const task = await requireTask(context, taskId, control.signal)
  const { name } = task.summary
  const common = {
    target: modelIdentity(model),
    device: { asked: device, used: device },
    versions: await versions()
  }
  const evaluated: AskedCondition[] = []
  const runs: Unevaluated[] = []
  for (const condition of conditions) {
    if (condition.kind === 'prompt') {
      const { promptId } = condition
      const stored = requireFound(await store.read.prompts.get(promptId), 'prompt', promptId)
      const { vectors, template } = stored.prompt
      evaluated.push({ kind: 'prompt', name: stored.prompt.name, vectors, template })
      runs.push(await promptRun(store.read, name, stored, common))
    } else {
      evaluated.push(condition)
      runs.push(plainRun(name, condition, null, common))
    }
  }
  const evaluation = { model, task, settings: { split, rankWithin, limit }, conditions: evaluated, device }
  const results = await evaluateAll(engine, evaluation, control)
  return async (writer) => {
    for (const [index, result] of results.entries())
      await writer.runs.put(
        evaluatedRun(requireFound(runs[index], 'condition', `${index + 1}`), result, cellId)
      )
  }
}
