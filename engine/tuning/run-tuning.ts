/** Serves `tuning.run`: opens model and task, tunes, and says how it went. */
import type { Progress } from '../contract/engine-methods.ts'
import type { Matrix } from '../contract/matrix.ts'
import type { Example, Task } from '../contract/tasks.ts'
import type { TuningRequest, TuningResult, Validation } from '../contract/tuning.ts'
import type { LanguageModel } from '../language-model/language-model.ts'
import { openLanguageModel } from '../language-model/open-language-model.ts'
import { openModel } from '../models/open-model.ts'
import type { Provider } from '../runtime/session.ts'
import { encodeExamples } from '../tasks/encode-examples.ts'
import type { Entrant } from '../tasks/entrant.ts'
import { evaluate } from '../tasks/evaluate.ts'
import { scoreRanks } from '../tasks/metrics.ts'
import { readTask } from '../tasks/read-task.ts'
import { tokensPerBatch } from '../tasks/run-evaluation.ts'
import { buildVerbaliser, type Verbaliser } from '../tasks/verbaliser.ts'
import { openPromptGradient } from './open-prompt-gradient.ts'
import { type TuningProgress, tune } from './tune.ts'
import { startingEntrant } from './tuning-start.ts'

type CallContext = {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Accuracy of vectors on the dev split, with the template of the start. */
function validator(
  model: LanguageModel,
  start: Entrant,
  examples: readonly Example[],
  verbaliser: Verbaliser | null
): (prompt: Matrix) => Promise<Omit<Validation, 'step'>> {
  return async (vectors) => {
    const [answers] = await evaluate(model, [{ ...start, vectors }], examples, verbaliser, { tokensPerBatch })
    const { accuracy, meanReciprocalRank } = scoreRanks(answers.predictions.map(({ rank }) => rank))
    return { accuracy, meanReciprocalRank }
  }
}

function asProgress({ step, steps, loss, validation }: TuningProgress): Progress {
  const values: Record<string, number> = {}
  if (loss !== null) values['loss'] = loss
  if (validation !== null) values['accuracy'] = validation.accuracy
  const shown = Object.entries(values).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  return { done: step, total: steps, label: ['tuning', ...shown].join(', '), values }
}

function remarks(task: Task, skipped: number): string[] {
  const notes = [...task.notes]
  if (skipped > 0)
    notes.push(`train: ${skipped} examples skipped: label not one candidate token, or too long`)
  return notes
}

/** Tunes a prompt. Cancelled in the middle, it answers with the best so far. */
export async function runTuning(
  request: TuningRequest,
  device: Provider,
  { signal, progress }: CallContext
): Promise<TuningResult> {
  const started = performance.now()
  progress({ done: 0, total: 1, label: 'reading the task and opening the model' })
  const task = await readTask(request.task)
  const opened = await openModel(request.model, signal)
  const model = await openLanguageModel(request.model, device, signal)
  try {
    const verbaliser = task.candidates === null ? null : buildVerbaliser(task.candidates, model.tokenizer)
    const start = startingEntrant(request, task, model, opened.table)
    const encode = (examples: readonly Example[]) =>
      encodeExamples(examples, start.template, model.tokenizer, verbaliser, model.maximumLength)
    const train = encode(task.splits.train)
    const dev = encode(task.splits.dev)
    const validate = dev.examples.length === 0 ? null : validator(model, start, task.splits.dev, verbaliser)
    const among = request.settings.lossOver === 'candidates' ? (verbaliser?.tokens ?? null) : null
    const gradient = await openPromptGradient(opened, among, device, signal)
    try {
      const data = { train: train.examples, validate }
      const tuned = await tune(model, gradient, data, start.vectors, request.settings, request.seed, {
        signal,
        onProgress: (step) => progress(asProgress(step))
      })
      const skipped = Object.values(train.skipped).reduce((sum, count) => sum + count, 0)
      return {
        ...tuned,
        template: start.template.source,
        examples: { train: train.examples.length, dev: dev.examples.length, skipped },
        notes: remarks(task, skipped),
        device,
        seconds: (performance.now() - started) / 1000
      }
    } finally {
      await gradient.release()
    }
  } finally {
    await model.release()
  }
}
