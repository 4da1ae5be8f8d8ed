/** Evaluates a task in a project, where each result is a run, and tells of it as the engine does. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { KeptPrediction } from '#engine/common/contract/runs.ts'
import type { ComputedRun } from '#main/experiments/execute/results.ts'
import { runInProject } from '#main/experiments/execute/run-in-project.ts'
import type { GroupControl } from '#main/experiments/execute/run-work-group.ts'
import { type FileEvaluation, prepareEvaluation } from '#main/experiments/plan/order-references.ts'
import type { WorkbenchContext } from '#main/project/context.ts'

type Condition = Omit<EvaluationResult['conditions'][number], 'predictions'> & {
  readonly predictions: readonly KeptPrediction[]
}

/** What came of evaluating a task, with the engine alone or in a project. */
export type TaskEvaluation = Omit<EvaluationResult, 'conditions'> & {
  readonly conditions: readonly Condition[]
}

function conditionOf({ manifest, scores, predictions }: ComputedRun, name: string): Condition {
  const { template, evaluation } = manifest
  if (template !== null && evaluation !== null && scores !== null && predictions !== null)
    return { name, template, scores, skipped: evaluation.skipped, predictions }
  throw new AnchorageError('internal', `There is no answer for ${name}.`)
}

/** @param names of the conditions, in their order */
export async function evaluateInProject(
  project: WorkbenchContext,
  order: FileEvaluation,
  names: readonly string[],
  control: GroupControl
): Promise<TaskEvaluation> {
  const { group, notes } = await prepareEvaluation(project, order, control.signal)
  const outcome = await runInProject(project, group, control)
  const runs = outcome.kind === 'measuring' ? outcome.runs : []
  const [first] = runs
  return {
    task: group.label,
    split: order.split,
    conditions: runs.map((run, index) => conditionOf(run, names[index] ?? run.name)),
    candidates: first?.manifest.evaluation?.candidates ?? null,
    notes,
    device: first?.manifest.device.used ?? order.device,
    seconds: outcome.seconds
  }
}
