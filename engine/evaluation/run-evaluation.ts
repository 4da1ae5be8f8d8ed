/** Serves `evaluation.run` and `evaluation.examples`: opens model and task, asks every condition, scores. */

import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { EvaluationRequest, EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { Example, Task } from '#engine/common/contract/tasks.ts'
import { scorePredictions } from '#engine/common/statistics/score-predictions.ts'
import type { Provider } from '#engine/devices/session.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { type EncodedSplit, encodeExamples } from './encode-examples.ts'
import { evaluate } from './evaluate.ts'
import { readTask } from './read-task.ts'
import type { ReadyCondition } from './ready-condition.ts'
import { makeReadyCondition } from './ready-condition.ts'
import type { Verbaliser } from './verbaliser.ts'
import { buildVerbaliser } from './verbaliser.ts'

type CallContext = {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

type Opened = {
  readonly task: Task
  readonly model: LanguageModel
  readonly ready: readonly ReadyCondition[]
  readonly examples: readonly Example[]
  /** Null: every token is a candidate. */
  readonly verbaliser: Verbaliser | null
}

/** What `use` makes of the model, the conditions and the examples of a request. */
async function withOpened<Result>(
  request: EvaluationRequest,
  device: Provider,
  { signal, progress }: CallContext,
  use: (opened: Opened) => Promise<Result>
): Promise<Result> {
  progress({ done: 0, total: 1, label: 'reading the task and opening the model' })
  const task = await readTask(request.task)
  const lease = await leaseLanguageModel(request.model, device, signal)
  try {
    const model = lease.value
    const within = request.rankWithin === 'candidates' ? task.candidates : null
    const only = request.only === null ? null : new Set(request.only)
    return await use({
      task,
      model,
      ready: request.conditions.map((condition) => makeReadyCondition(condition, task, model)),
      examples: task.splits[request.split]
        .slice(0, request.limit ?? undefined)
        .filter(({ id }) => only === null || only.has(id)),
      verbaliser: within === null ? null : buildVerbaliser(within, model.tokenizer)
    })
  } finally {
    await lease.release()
  }
}

/** Ids and labels of the examples that the first condition can be evaluated on, and why others are left out. */
export async function listExamples(
  request: EvaluationRequest,
  device: Provider,
  context: CallContext
): Promise<Pick<EncodedSplit, 'skipped'> & { examples: string[]; labels: string[] }> {
  const encoded = await withOpened(request, device, context, async ({ ready, examples, model, verbaliser }) =>
    encodeExamples(examples, ready[0].template, model, verbaliser)
  )
  return {
    examples: encoded.examples.map(({ example }) => example.id),
    labels: encoded.examples.map(({ example }) => example.label),
    skipped: encoded.skipped
  }
}

/** Evaluates all conditions on one split in one pass over the model. */
export async function runEvaluation(
  request: EvaluationRequest,
  device: Provider,
  context: CallContext
): Promise<EvaluationResult> {
  const started = performance.now()
  const { signal, progress } = context
  return await withOpened(request, device, context, async ({ task, model, ready, examples, verbaliser }) => {
    const answers = await evaluate(model, ready, examples, verbaliser, {
      task: task.name,
      signal,
      onProgress: (done, total) => progress({ done, total, label: `asking ${model.name}` })
    })
    const notes = [...task.notes]
    if (verbaliser !== null && verbaliser.leftOut.length > 0) {
      notes.push(`${verbaliser.leftOut.length} candidate words are not one token in ${model.name}`)
    }
    return {
      task: task.name,
      split: request.split,
      conditions: answers.map(({ predictions, skipped }, index) => ({
        name: ready[index].name,
        template: ready[index].template.source,
        scores: scorePredictions(predictions),
        skipped,
        predictions: [...predictions]
      })),
      candidates: verbaliser?.tokens.length ?? null,
      notes,
      device,
      seconds: (performance.now() - started) / 1000
    }
  })
}
