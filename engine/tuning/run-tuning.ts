/** Serves `tuning.run`: opens model and task, tunes, and says how it went. */
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Example, Task } from '#engine/common/contract/tasks.ts'
import type { TuningRequest, TuningResult } from '#engine/common/contract/tuning.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type EncodedSplit, encodeExamples } from '#engine/evaluation/encode-examples.ts'
import { evaluate } from '#engine/evaluation/evaluate.ts'
import { scorePredictions } from '#engine/evaluation/metrics.ts'
import { readTask } from '#engine/evaluation/read-task.ts'
import { manualTemplate, type ReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { buildVerbaliser, type Verbaliser } from '#engine/evaluation/verbaliser.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { drawFew, holdOut } from './hold-out.ts'
import { leasePromptGradient } from './open-prompt-gradient.ts'
import { type DevScores, type TunedPrompt, type TuningData, type TuningProgress, tune } from './tune.ts'
import { tuningStart } from './tuning-start.ts'

export type CallContext = {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Scores of vectors on the dev split, with the template of the start. */
function validator(
  model: LanguageModel,
  start: ReadyCondition,
  examples: readonly Example[],
  verbaliser: Verbaliser | null,
  signal: AbortSignal
): (prompt: Matrix) => Promise<DevScores> {
  return async (vectors) => {
    const [answers] = await evaluate(model, [{ ...start, vectors }], examples, verbaliser, { signal })
    return scorePredictions(answers.predictions)
  }
}

function asProgress({ step, steps, loss, validation }: TuningProgress): Progress {
  const values: Record<string, number> = {}
  if (loss !== null) values['loss'] = loss
  if (validation !== null) values['accuracy'] = validation.accuracy
  const shown = Object.entries(values).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  return { done: step, total: steps, label: ['tuning', ...shown].join(', '), values }
}

/** How many examples of a split were used, and why others were not. */
function useOf({ examples, skipped }: EncodedSplit): TuningResult['examples']['train'] {
  return { used: examples.length, skipped }
}

/** A remark where tuning took steps and none of them was better than the start. */
function asItStarted({ selection, chosenStep, loss }: TunedPrompt): string[] {
  return selection === 'validation' && chosenStep === 0 && loss.length > 0
    ? [
        `No validation was better than that of the start: the prompt is as it was before the ${loss.length} steps.`
      ]
    : []
}

/** Tunes a prompt. Cancelled in the middle, it answers with the best so far. */
export async function runTuning(
  request: TuningRequest,
  device: Provider,
  context: CallContext
): Promise<TuningResult> {
  context.progress({ done: 0, total: 1, label: 'reading the task and opening the model' })
  const { labels, seed } = request
  const task = await readTask(request.task)
  const few =
    labels === null
      ? task
      : { ...task, splits: { ...task.splits, ...holdOut(drawFew(task.splits.train, labels, seed)) } }
  const taught = { distributions: null, ties: labels === null ? 'first' : 'lowest-loss' } as const
  return await tuneOnTask(few, request, device, context, taught)
}

/** What a task is tuned on beside its labels, and how its dev split chooses. */
type Taught = Pick<TuningData, 'ties'> & {
  /**
   * By the ids of the train split's examples, over the task's candidates, each one token of its own in the model: what is
   * tuned on in place of labels.
   */
  readonly distributions: ReadonlyMap<string, Float32Array> | null
}

/** Tunes on the train split of a task that is read already, validating on its dev split. */
export async function tuneOnTask(
  task: Task,
  request: Omit<TuningRequest, 'task' | 'labels'>,
  device: Provider,
  { signal, progress }: CallContext,
  { distributions, ties }: Taught
): Promise<TuningResult> {
  const started = performance.now()
  // What can be refused is refused before the model is opened, and what needs the model alone before its sessions.
  if (request.start.kind === 'manual') manualTemplate(task, request.template)
  const opened = await openModel(request.model, signal)
  const { condition: start, notes } = tuningStart(request, task, opened)
  const among = request.settings.lossOver === 'candidates' && task.candidates !== null
  const gradient = await leasePromptGradient(
    opened,
    { amongCandidates: among, distributions: distributions !== null },
    device
  )
  try {
    const lease = await leaseLanguageModel(request.model, device, signal)
    try {
      const model = lease.value
      const verbaliser = task.candidates === null ? null : buildVerbaliser(task.candidates, model.tokenizer)
      const encode = (examples: readonly Example[]) =>
        encodeExamples(examples, start.template, model, verbaliser)
      const [train, dev] = [encode(task.splits.train), encode(task.splits.dev)]
      const data: TuningData = {
        train: train.examples.map((encoded) => ({
          ...encoded,
          distribution: distributions?.get(encoded.example.id) ?? null
        })),
        candidates: among || distributions !== null ? (verbaliser?.tokens ?? null) : null,
        ties,
        validate:
          dev.examples.length === 0 ? null : validator(model, start, task.splits.dev, verbaliser, signal)
      }
      const tuned = await tune(model, gradient.value, data, start.vectors, request.settings, request.seed, {
        signal,
        onProgress: (step) => progress(asProgress(step))
      })
      return {
        ...tuned,
        template: start.template.source,
        examples: { train: useOf(train), dev: useOf(dev) },
        notes: [...task.notes, ...notes, ...asItStarted(tuned)],
        device,
        seconds: (performance.now() - started) / 1000
      }
    } finally {
      await lease.release()
    }
  } finally {
    await gradient.release()
  }
}
