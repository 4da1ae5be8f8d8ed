/** Querying a model with prompts: what is asked, what comes back. */
import { z } from 'zod'
import { matrixSchema } from './matrix.ts'
import { modelReferenceSchema } from './models.ts'
import { splitNames, taskSourceSchema } from './tasks.ts'

/** OptiPrompt's template with `m` vectors between input and mask: `[X] [V1] .. [Vm] [MASK] .` */
export function promptTemplate(m: number): string {
  const vectors = Array.from({ length: m }, (_, index) => `[V${index + 1}]`)
  return ['[X]', ...vectors, '[MASK]', '.'].join(' ')
}

/** What stands in the template: a prompt, the manual template's words, or random vectors. */
export const evaluatedConditionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('prompt'),
    name: z.string().min(1),
    /** `[m, e]`. */
    vectors: matrixSchema,
    /** Null: OptiPrompt's `[X] [V1] .. [Vm] [MASK] .` */
    template: z.string().nullable().default(null)
  }),
  z.object({
    kind: z.literal('manual'),
    name: z.string().min(1).default('manual'),
    /** Null: the task's own. */
    template: z.string().nullable().default(null)
  }),
  z.object({
    kind: z.literal('random'),
    name: z.string().min(1).default('random'),
    /** `m`; the vectors come from a normal fitted to the model's table. */
    vectors: z.int().positive(),
    seed: z.int(),
    template: z.string().nullable().default(null)
  })
])
export type EvaluatedCondition = z.output<typeof evaluatedConditionSchema>

/** Predictions within the task's candidates (the literature), or over every token. */
export const rankWithinSchema = z.enum(['candidates', 'vocabulary'])

export const evaluationRequestSchema = z.object({
  model: modelReferenceSchema,
  task: taskSourceSchema,
  split: z.enum(splitNames).default('test'),
  conditions: z.array(evaluatedConditionSchema).min(1),
  rankWithin: rankWithinSchema.default('candidates'),
  /** Only the first so many examples, for a quick look. */
  limit: z.int().positive().nullable().default(null),
  /** Only the examples of these ids; null: all. */
  only: z.array(z.string()).min(1).nullable().default(null),
  device: z.string().default('auto')
})
export type EvaluationRequest = z.output<typeof evaluationRequestSchema>

export const predictionSchema = z.object({
  /** The example's id. */
  example: z.string(),
  input: z.string(),
  label: z.string(),
  /** Rank of the label, from 1. */
  rank: z.int().positive(),
  /** −log of the label's probability among the candidates. */
  loss: z.number(),
  /** The ten best, with their probability among the candidates. */
  top: z.array(z.object({ word: z.string(), probability: z.number() }))
})
export type LabelledPrediction = z.infer<typeof predictionSchema>

/** Figures over N examples; all zero where there are none. */
export const scoresSchema = z.object({
  /** N. */
  examples: z.int(),
  /** Share of examples whose label is ranked first (P@1). */
  accuracy: z.number(),
  /** 95 % interval of the accuracy: the bootstrap over examples, Wilson's where all are right or none. */
  accuracyInterval: z.object({ low: z.number(), high: z.number() }),
  /** Share of examples whose label is among the first ten. */
  precisionAt10: z.number(),
  /** Mean of 1 / rank. */
  meanReciprocalRank: z.number(),
  /** Mean cross entropy of the labels among the candidates, in nats. */
  meanLoss: z.number()
})
export type Scores = z.infer<typeof scoresSchema>

/** Why examples were left out, counted as the literature does. */
export const skippedExamplesSchema = z.object({
  /** The label is more than one token in this model. */
  labelNotOneToken: z.int(),
  /** The label is one token, but not among the candidates. */
  labelNotCandidate: z.int(),
  /** The sequence is longer than the model can take. */
  tooLong: z.int(),
  /** A token of the sequence or the label has no row in the embedding table. */
  noEmbedding: z.int()
})
export type SkippedExamples = z.infer<typeof skippedExamplesSchema>

export const evaluationResultSchema = z.object({
  task: z.string(),
  split: z.enum(splitNames),
  conditions: z.array(
    z.object({
      name: z.string(),
      template: z.string(),
      scores: scoresSchema,
      skipped: skippedExamplesSchema,
      predictions: z.array(predictionSchema)
    })
  ),
  /** Candidates that are one token in this model, or null where every token is one. */
  candidates: z.int().nullable(),
  notes: z.array(z.string()),
  device: z.string(),
  seconds: z.number()
})
export type EvaluationResult = z.infer<typeof evaluationResultSchema>
