/** Tuning a prompt on a task (Eq. 2): what is asked, what comes back. The defaults are OptiPrompt's recipe. */
import { z } from 'zod'
import { skippedExamplesSchema } from './evaluation.ts'
import { matrixSchema } from './matrix.ts'
import { modelReferenceSchema } from './models.ts'
import { taskSourceSchema } from './tasks.ts'

/** Where the vectors start. */
export const tuningStartSchema = z.discriminatedUnion('kind', [
  /** `m` vectors from a normal fitted to the embedding table, by the request's seed. */
  z.object({ kind: z.literal('random'), vectors: z.int().positive() }),
  /** The tokens of the task's manual template, one vector each, where they stand; of a causal model those before the mask. */
  z.object({ kind: z.literal('manual') }),
  /** Another prompt, for example a transferred one to polish. */
  z.object({ kind: z.literal('prompt'), vectors: matrixSchema })
])

export const tuningSettingsSchema = z.object({
  learningRate: z.number().positive().default(3e-3),
  batchSize: z.int().positive().default(16),
  epochs: z.int().positive().default(10),
  /** Share of the steps over which the learning rate rises. */
  warmup: z.number().min(0).max(1).default(0.1),
  validationsPerEpoch: z.int().positive().default(3),
  weightDecay: z.number().nonnegative().default(0),
  epsilon: z.number().positive().default(1e-6),
  /** OptiPrompt trains without Adam's bias correction. */
  biasCorrection: z.boolean().default(false),
  /** Whether examples are dealt anew to batches every epoch. */
  shuffle: z.boolean().default(true),
  /** Stop after so many validations in a row without a better one; null: never. */
  patience: z.int().positive().nullable().default(null),
  /** The loss is over the whole vocabulary, or within the task's candidates. */
  lossOver: z.enum(['vocabulary', 'candidates']).default('vocabulary')
})
export type TuningSettings = z.output<typeof tuningSettingsSchema>

export const tuningRequestSchema = z.object({
  model: modelReferenceSchema,
  task: taskSourceSchema,
  start: tuningStartSchema,
  /** Null: OptiPrompt's `[X] [V1] .. [Vm] [MASK] .`; not used where the start is manual. */
  template: z.string().nullable().default(null),
  settings: tuningSettingsSchema.prefault({}),
  /**
   * Only so many labelled examples: a seeded draw of the train split, of which a quarter chooses the step in place of the
   * dev split, as in a refinement with as many inputs; null: all of both splits.
   */
  labels: z.int().positive().nullable().default(null),
  seed: z.int(),
  device: z.string().default('auto')
})
export type TuningRequest = z.output<typeof tuningRequestSchema>

export const validationSchema = z.object({
  /** Steps taken before it. */
  step: z.int(),
  accuracy: z.number(),
  meanReciprocalRank: z.number()
})
export type Validation = z.infer<typeof validationSchema>

const splitUseSchema = z.object({ used: z.int(), skipped: skippedExamplesSchema })

export const tuningResultSchema = z.object({
  /** `[m, e]` of the best step. */
  prompt: matrixSchema,
  template: z.string(),
  /** Steps taken before the vectors were as returned. */
  chosenStep: z.int(),
  /** `validation`: best accuracy on the dev split (equal ones by mean reciprocal rank); `last`: there is no dev split. */
  selection: z.enum(['validation', 'last']),
  ended: z.enum(['finished', 'early-stop', 'cancelled']),
  /** The training loss of every step. */
  loss: z.instanceof(Float64Array),
  validations: z.array(validationSchema),
  /** Examples used, and why others were not. */
  examples: z.object({ train: splitUseSchema, dev: splitUseSchema }),
  notes: z.array(z.string()),
  device: z.string(),
  seconds: z.number()
})
export type TuningResult = z.infer<typeof tuningResultSchema>
