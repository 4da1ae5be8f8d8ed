/** Evaluates prompts of the project on a task, and says what a run of each came to. */
import type { EngineArguments, Progress } from '#engine/common/contract/engine-methods.ts'
import type { EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { EvaluationSettings, RunManifest } from '#engine/common/contract/runs.ts'
import type { EngineCalls } from '#main/project/context.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { NewRun } from '#store/records/runs.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'

/** What stands in the template; a manual template is the task's own where none is given. */
export type AskedCondition = EngineArguments<'evaluation.run'>['conditions'][number]

/** What is evaluated on which task of which model. */
type Evaluation = {
  readonly model: RegisteredModel
  readonly task: RegisteredTask
  readonly settings: EvaluationSettings
  readonly conditions: readonly AskedCondition[]
  readonly device: string
}

/** What an evaluation adds to a run. */
export type Evaluated = Pick<RunManifest, 'template' | 'evaluation'> &
  Pick<NewRun, 'scores' | 'predictions' | 'evaluationSeconds'> & {
    readonly task: NonNullable<RunManifest['task']>
    readonly device: string
  }

/** What each condition was evaluated to, in their order. */
export async function evaluateAll(
  engine: EngineCalls,
  { model, task, settings, conditions, device }: Evaluation,
  control: { signal: AbortSignal; onProgress?: (progress: Progress) => void }
): Promise<Evaluated[]> {
  const result = await engine.call(
    'evaluation.run',
    { model: model.reference, task: task.source, ...settings, conditions: [...conditions], device },
    control
  )
  return evaluatedOf(result, task, settings)
}

/** What each condition of a result was evaluated to. */
export function evaluatedOf(
  result: EvaluationResult,
  task: RegisteredTask,
  settings: EvaluationSettings
): Evaluated[] {
  return result.conditions.map(({ template, scores, skipped, predictions }) => ({
    task: { name: task.summary.name, sha256: task.summary.sha256 },
    template,
    evaluation: { ...settings, skipped, candidates: result.candidates },
    scores,
    predictions,
    evaluationSeconds: result.seconds / result.conditions.length,
    device: result.device
  }))
}
