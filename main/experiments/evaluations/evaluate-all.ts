/** Evaluates prompts of the project on a task, and says what a run of each came to. */
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { EvaluationRequest, EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { EvaluationSettings, RunManifest } from '#engine/common/contract/runs.ts'
import type { EngineCalls } from '#main/project/context.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { NewRun } from '#store/records/runs.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'

export type Contestant =
  | { readonly kind: 'prompt'; readonly prompt: Pick<Prompt, 'name' | 'vectors' | 'template'> }
  | { readonly kind: 'manual' }
  | { readonly kind: 'random'; readonly vectors: number; readonly seed: number }

/** What is evaluated on which task of which model. */
type Evaluation = {
  readonly model: RegisteredModel
  readonly task: RegisteredTask
  readonly settings: EvaluationSettings
  readonly contestants: readonly Contestant[]
  readonly device: string
}

function requested(contestant: Contestant): EvaluationRequest['contestants'][number] {
  switch (contestant.kind) {
    case 'prompt': {
      const { name, vectors, template } = contestant.prompt
      return { kind: 'prompt', name, vectors, template }
    }
    case 'manual':
      return { kind: 'manual', name: 'manual', template: null }
    case 'random':
      return { ...contestant, name: 'random', template: null }
  }
}

/** What an evaluation adds to a run. */
export type Evaluated = Pick<RunManifest, 'template' | 'evaluation'> &
  Pick<NewRun, 'scores' | 'predictions' | 'evaluationSeconds'> & {
    readonly task: NonNullable<RunManifest['task']>
    readonly device: string
  }

/** What each contestant was evaluated to, in their order. */
export async function evaluateAll(
  engine: EngineCalls,
  { model, task, settings, contestants, device }: Evaluation,
  control: { signal: AbortSignal; onProgress?: (progress: Progress) => void }
): Promise<Evaluated[]> {
  const result = await engine.call(
    'evaluation.run',
    {
      model: model.reference,
      task: task.source,
      ...settings,
      contestants: contestants.map(requested),
      device
    },
    control
  )
  return evaluatedOf(result, task, settings)
}

/** What each contestant of a result was evaluated to. */
export function evaluatedOf(
  result: EvaluationResult,
  task: RegisteredTask,
  settings: EvaluationSettings
): Evaluated[] {
  return result.contestants.map(({ template, scores, skipped, predictions }) => ({
    task: { name: task.summary.name, sha256: task.summary.sha256 },
    template,
    evaluation: { ...settings, skipped, candidates: result.candidates },
    scores,
    predictions,
    evaluationSeconds: result.seconds / result.contestants.length,
    device: result.device
  }))
}
