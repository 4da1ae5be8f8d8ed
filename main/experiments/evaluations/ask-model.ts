/** Asks a model a task with prompts of the project, and says how the answers are stored. */
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { EvaluationRequest } from '#engine/common/contract/evaluation.ts'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { EngineCalls } from '#main/project/context.ts'
import type { Evaluated, EvaluationManifest, NewEvaluation } from '#store/records/evaluations.ts'
import { modelIdentity } from '#store/records/manifest.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'
import type { Asking } from '#store/records/work.ts'

export type Contestant =
  | { readonly kind: 'prompt'; readonly prompt: Pick<Prompt, 'name' | 'vectors' | 'template'> }
  | { readonly kind: 'manual' }
  | { readonly kind: 'random'; readonly vectors: number; readonly seed: number }

export type Question = {
  readonly model: RegisteredModel
  readonly task: RegisteredTask
  readonly asking: Asking
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

function evaluated(contestant: Contestant): Evaluated {
  switch (contestant.kind) {
    case 'prompt':
      return { kind: 'prompt', name: contestant.prompt.name, sha256: hashVectors(contestant.prompt.vectors) }
    case 'manual':
      return { kind: 'manual' }
    case 'random':
      return { kind: 'random', vectors: contestant.vectors, seed: contestant.seed }
  }
}

/** What is stored of each contestant's answers, in their order; where it is stored is the caller's to add. */
export async function askModel(
  engine: EngineCalls,
  { model, task, asking, contestants, device }: Question,
  versions: Record<string, string>,
  control: { signal: AbortSignal; onProgress?: (progress: Progress) => void }
): Promise<Omit<NewEvaluation, 'cellId' | 'promptId'>[]> {
  const result = await engine.call(
    'evaluation.run',
    {
      model: model.reference,
      task: task.source,
      ...asking,
      contestants: contestants.map(requested),
      device
    },
    control
  )
  return result.contestants.map(({ template, scores, skipped, predictions }, index) => {
    const manifest: EvaluationManifest = {
      contestant: evaluated(requireFound(contestants[index], 'contestant', `${index + 1}`)),
      model: modelIdentity(model),
      task: { name: task.summary.name, sha256: task.summary.sha256 },
      template,
      ...asking,
      skipped,
      candidates: result.candidates,
      device: { asked: device, used: result.device },
      versions
    }
    return { manifest, scores, predictions, seconds: result.seconds / result.contestants.length }
  })
}
