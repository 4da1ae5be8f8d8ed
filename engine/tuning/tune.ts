/**
 * Tunes a prompt on a task (Eq. 2) by OptiPrompt's recipe: AdamW with linear warm-up, the loss at the mask, validation
 * a few times an epoch, and the vectors of the best validation kept. A cancelled run answers with the best so far.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { TuningResult, TuningSettings, Validation } from '#engine/common/contract/tuning.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import type { EncodedExample } from '#engine/evaluation/encode-examples.ts'
import { padBatch } from '#engine/language-model/batches.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { adamDefaults, createAdam } from '#engine/optimiser/adam.ts'
import { linearWarmupAndDecay } from '#engine/optimiser/schedule.ts'
import type { Answers, PromptGradient } from './tuning-model.ts'

/** An example to tune on: by its label, or by probabilities of the candidates `[k]` in its place. */
export type TrainingExample = EncodedExample & { readonly distribution: Float32Array | null }

export type TuningData = {
  /** With distributions all of them, or none. */
  readonly train: readonly TrainingExample[]
  /** Tokens that the loss is among or distributions are over; null: the whole vocabulary. */
  readonly candidates: Int32Array | null
  /** Of vectors on the dev split, or null where there is none. */
  readonly validate: ((prompt: Matrix) => Promise<DevScores>) | null
  /**
   * Which of equally good validations counts: the first, as in OptiPrompt, or the one of the lowest loss on the dev split. A
   * handful of examples is soon answered as well as it can be, and would then keep the start.
   */
  readonly ties: 'first' | 'lowest-loss'
}

export type DevScores = Omit<Validation, 'step'> & { readonly meanLoss: number }

export type TuningProgress = {
  readonly step: number
  readonly steps: number
  /** Of the step just taken; null before the first. */
  readonly loss: number | null
  readonly validation: Validation | null
}

export type TunedPrompt = Pick<
  TuningResult,
  'prompt' | 'chosenStep' | 'selection' | 'ended' | 'loss' | 'validations'
>

/** Whether a validation is better: by accuracy, then by mean reciprocal rank, then as ties are broken. */
function isBetter(candidate: DevScores, best: DevScores | undefined, ties: TuningData['ties']): boolean {
  if (best === undefined) return true
  if (candidate.accuracy !== best.accuracy) return candidate.accuracy > best.accuracy
  if (candidate.meanReciprocalRank !== best.meanReciprocalRank)
    return candidate.meanReciprocalRank > best.meanReciprocalRank
  return ties === 'lowest-loss' && candidate.meanLoss < best.meanLoss
}

function answersOf(batch: readonly TrainingExample[]): Answers {
  const distributions = batch.flatMap(({ distribution }) => (distribution === null ? [] : [distribution]))
  if (distributions.length === 0)
    return { kind: 'labels', tokens: Int32Array.from(batch, ({ labelToken }) => labelToken) }
  const [{ length }] = distributions
  const probabilities = new Float32Array(batch.length * length)
  for (const [index, own] of distributions.entries()) probabilities.set(own, index * length)
  return { kind: 'distributions', probabilities }
}

/** The training examples dealt to batches, the last one as large as what is left. */
function dealBatches<T>(examples: readonly T[], batchSize: number): T[][] {
  const batches: T[][] = []
  for (let at = 0; at < examples.length; at += batchSize) batches.push(examples.slice(at, at + batchSize))
  return batches
}

function requireFiniteStep(loss: number, prompt: Matrix, step: number): void {
  if (Number.isFinite(loss) && prompt.data.every(Number.isFinite)) return
  throw new AnchorageError('bad-value', 'Tuning diverged: the loss or the prompt is not finite any more.', {
    where: `step ${step}`,
    found: `loss ${loss}`,
    next: 'Use a smaller learning rate, or check the prompt that it started from.'
  })
}

/**
 * Tunes from `start` `[m, e]`, which is left as it is.
 * @param seed decides how examples are dealt to batches
 */
export async function tune(
  model: LanguageModel,
  gradient: PromptGradient,
  data: TuningData,
  start: Matrix,
  settings: TuningSettings,
  seed: number,
  options: { signal?: AbortSignal | undefined; onProgress?: ((progress: TuningProgress) => void) | undefined }
): Promise<TunedPrompt> {
  if (data.train.length === 0) {
    throw new AnchorageError('bad-argument', 'There is nothing to tune on.', {
      found: 'no training example whose label is one token of this model',
      expected: 'a train split',
      next: 'Check the label words and the common vocabulary.'
    })
  }
  const prompt: Matrix = { ...start, data: start.data.slice() }
  const adam = createAdam(prompt.data.length, { ...adamDefaults, ...settings })
  const uniform = seededUniform(seed)
  const stepsPerEpoch = Math.ceil(data.train.length / settings.batchSize)
  const steps = stepsPerEpoch * settings.epochs
  const warmupSteps = Math.floor(steps * settings.warmup)
  const stepsPerValidation = Math.max(1, Math.floor(stepsPerEpoch / settings.validationsPerEpoch))

  const losses: number[] = []
  const validations: Validation[] = []
  let best: { step: number; scores: DevScores; data: Float32Array<ArrayBuffer> } | undefined
  let sinceBest = 0

  const validateNow = async (): Promise<Validation | null> => {
    if (data.validate === null) return null
    const scores = await data.validate(prompt)
    const { accuracy, meanReciprocalRank } = scores
    const validation = { step: losses.length, accuracy, meanReciprocalRank }
    validations.push(validation)
    sinceBest++
    if (isBetter(scores, best?.scores, data.ties)) {
      best = { step: losses.length, scores, data: prompt.data.slice() }
      sinceBest = 0
    }
    return validation
  }

  const takeStep = async (batch: readonly TrainingExample[]): Promise<void> => {
    const questions = batch.map((example) => example.question)
    const padded = padBatch(questions, model.firstVirtualToken, model.padToken)
    const answer = await gradient.lossAndGradient(padded, answersOf(batch), prompt, data.candidates)
    const rate = settings.learningRate * linearWarmupAndDecay(losses.length, warmupSteps, steps)
    adam(prompt.data, answer.gradient, rate)
    requireFiniteStep(answer.loss, prompt, losses.length)
    losses.push(answer.loss)
  }

  const whyToStop = (): TuningResult['ended'] | null => {
    if (options.signal?.aborted) return 'cancelled'
    return settings.patience !== null && sinceBest >= settings.patience ? 'early-stop' : null
  }

  const report = (validation: Validation | null) =>
    options.onProgress?.({ step: losses.length, steps, loss: losses.at(-1) ?? null, validation })

  /** Trains to the end, or to a reason to stop. */
  const train = async (): Promise<TuningResult['ended']> => {
    report(await validateNow())
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      const order = settings.shuffle ? shuffled(data.train, uniform) : data.train
      for (const batch of dealBatches(order, settings.batchSize)) {
        const reason = whyToStop()
        if (reason !== null) return reason
        await takeStep(batch)
        const validates = losses.length % stepsPerValidation === 0 || losses.length === steps
        report(validates ? await validateNow() : null)
      }
    }
    return 'finished'
  }

  let ended: TuningResult['ended']
  try {
    ended = await train()
  } catch (error) {
    // A validation that was cut short counts for nothing; what was found before it does.
    if (!(error instanceof AnchorageError) || error.code !== 'cancelled') throw error
    ended = 'cancelled'
  }
  return {
    prompt: best === undefined ? prompt : { ...prompt, data: best.data },
    chosenStep: best?.step ?? losses.length,
    selection: best === undefined ? 'last' : 'validation',
    ended,
    loss: Float64Array.from(losses),
    validations
  }
}
