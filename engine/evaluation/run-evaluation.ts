/** Serves `evaluation.run`: opens model and task, asks every condition, scores. */
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { EvaluationRequest, EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { Provider } from '#engine/devices/session.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { evaluate } from './evaluate.ts'
import { scorePredictions } from './metrics.ts'
import { readTask } from './read-task.ts'
import { makeReadyCondition } from './ready-condition.ts'
import { buildVerbaliser } from './verbaliser.ts'

type CallContext = {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Evaluates all conditions on one split in one pass over the model. */
export async function runEvaluation(
  request: EvaluationRequest,
  device: Provider,
  { signal, progress }: CallContext
): Promise<EvaluationResult> {
  const started = performance.now()
  progress({ done: 0, total: 1, label: 'reading the task and opening the model' })
  const task = await readTask(request.task)
  const lease = await leaseLanguageModel(request.model, device, signal)
  try {
    const model = lease.value
    const ready = request.conditions.map((condition) => makeReadyCondition(condition, task, model))
    const within = request.rankWithin === 'candidates' ? task.candidates : null
    const verbaliser = within === null ? null : buildVerbaliser(within, model.tokenizer)
    const examples = task.splits[request.split].slice(0, request.limit ?? undefined)
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
  } finally {
    await lease.release()
  }
}
