/**
 * Runs: one condition (method, settings, sources with weights, target, seed) on one task, with everything that made it.
 * Transfers, baselines, random vectors, manual templates, tuned and imported prompts have the same record.
 */
import { z } from 'zod'
import { predictionSchema, promptTemplate, rankWithinSchema, skippedExamplesSchema } from './evaluation.ts'
import { drawsNumbers, runMethodSchema } from './methods.ts'
import { refinementResultSchema } from './refinement.ts'
import { retrievalSchema } from './retrieval.ts'
import { splitNames } from './tasks.ts'
import { centreSchema, maskSettingsSchema, rescaleSchema } from './transfer.ts'
import { tuningResultSchema, tuningSettingsSchema } from './tuning.ts'

export const modelIdentitySchema = z.object({
  name: z.string(),
  /**
   * SHA-256 of the table and of the tokenizer, and of graph and weights: missing where what was computed depends on the
   * table alone, and in results of older versions until their model is completed.
   */
  fingerprint: z.object({ table: z.string(), tokenizer: z.string(), weights: z.string().optional() })
})
export type ModelIdentity = z.infer<typeof modelIdentitySchema>

/** A prompt by its name, the SHA-256 of shape and values, and, where it was tuned here, of how: one of both is there. */
export const promptIdentitySchema = z.object({
  name: z.string(),
  sha256: z.string().nullable(),
  recipe: z.string().nullable()
})
export type PromptIdentity = z.infer<typeof promptIdentitySchema>

const taskIdentitySchema = z.object({
  name: z.string(),
  /** SHA-256 of the content. */
  sha256: z.string()
})

/** How a prompt was tuned (Eq. 2). */
const tuningRecordSchema = z.object({
  task: taskIdentitySchema,
  start: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('random'), vectors: z.int().positive() }),
    z.object({ kind: z.literal('manual') }),
    z.object({ kind: z.literal('prompt'), sha256: z.string() })
  ]),
  template: z.string(),
  settings: tuningSettingsSchema,
  seed: z.int(),
  /** Null where an older version kept nothing of it. */
  ended: tuningResultSchema.shape.ended.nullable(),
  examples: tuningResultSchema.shape.examples.nullable()
})
export type TuningRecord = z.infer<typeof tuningRecordSchema>

/** How a prompt was refined: its method says by which settings, its sources who taught it. */
const refinementRecordSchema = z.object({
  /** The task whose inputs were answered, without their labels. */
  task: taskIdentitySchema,
  teaching: refinementResultSchema.shape.teaching,
  /** Taken on the target. */
  steps: z.int(),
  ended: tuningResultSchema.shape.ended
})
export type RefinementRecord = z.infer<typeof refinementRecordSchema>

/** How a task was put to the target. */
export const evaluationSettingsSchema = z.object({
  split: z.enum(splitNames),
  rankWithin: rankWithinSchema,
  /** Only the first so many examples; null: all. */
  limit: z.int().positive().nullable()
})
export type EvaluationSettings = z.infer<typeof evaluationSettingsSchema>

/**
 * Which rule chose the prompt: `none` where there was nothing to choose, `validation` by labels of the target, `agreement`
 * by what the sources answer to inputs that were held out.
 */
export const selectionSchema = z.enum(['none', 'exact', 'last', 'lowest-loss', 'validation', 'agreement'])

/** Everything that made a run, by hash where it is large; null where its method has none of a setting. */
export const runManifestSchema = z.object({
  method: runMethodSchema,
  /** Empty where nothing is transferred. */
  sources: z.array(
    z.object({ model: modelIdentitySchema, prompt: promptIdentitySchema, weight: z.number().positive() })
  ),
  target: modelIdentitySchema,
  /** Direct tuning, and prompts as they are: the target's own prompt. */
  prompt: promptIdentitySchema.nullable(),
  /** Of the method itself where it draws numbers, else of the prompts' tuning where an experiment says it. */
  seed: z.int().nullable(),
  /** `m`. */
  length: z.int().positive().nullable(),
  /** SHA-256 of an ordered list of words, and how many of them are used. */
  anchors: z.object({ name: z.string(), hash: z.string(), count: z.int().positive() }).nullable(),
  mask: maskSettingsSchema.nullable(),
  /** `none` where there are no anchors, and in what older versions made. */
  centre: centreSchema.default('none'),
  rescale: rescaleSchema.nullable(),
  tuning: tuningRecordSchema.nullable(),
  /** Not there where the method is another. */
  refinement: refinementRecordSchema.optional(),
  /** Null: not evaluated. */
  task: taskIdentitySchema.nullable(),
  relation: z.string().nullable(),
  /** The one used; of what was not evaluated the sources', where all agree. */
  template: z.string().nullable(),
  /** With the task: how it was put, what was left out, and how many candidates are one token in the target. */
  evaluation: evaluationSettingsSchema
    .extend({ skipped: skippedExamplesSchema, candidates: z.int().nullable() })
    .nullable(),
  selection: selectionSchema,
  /** How often the condition finds held-out anchors again; not there where it was not measured. */
  retrieval: retrievalSchema.optional(),
  device: z.object({ asked: z.string(), used: z.string() }),
  /** Of the program, the runtime and what computes. */
  versions: z.record(z.string(), z.string())
})
export type RunManifest = z.infer<typeof runManifestSchema>

/** What of the target beside its model made a prompt: nothing (zero-shot), inputs without labels, or labels. */
export const targetDataSchema = z.enum(['none', 'inputs', 'labels'])
export type TargetData = z.infer<typeof targetDataSchema>

/** Null for a prompt that is evaluated as it is: nobody said how it was made. */
export function targetDataOf({
  method,
  selection
}: Pick<RunManifest, 'method' | 'selection'>): TargetData | null {
  if (method.kind === 'refine') return 'inputs'
  if (method.kind === 'prompt') return null
  return method.kind === 'direct-tuning' || selection === 'validation' ? 'labels' : 'none'
}

/** What a run depends on, by hash where it is large: its id is the SHA-256 of this. */
export type RunInputs = Pick<RunManifest, 'method' | 'seed' | 'length' | 'mask' | 'rescale'> & {
  readonly sources: readonly {
    readonly model: ModelIdentity['fingerprint']
    readonly prompt: string
    readonly weight: number
  }[]
  readonly target: ModelIdentity['fingerprint']
  readonly prompt: string | null
  readonly task: { readonly sha256: string; readonly limit: number | null } | null
  readonly anchors: { readonly hash: string; readonly count: number } | null
  /** SHA-256 of the task whose inputs a refinement learns from. */
  readonly refinedOn?: string
  /** Only where they are not the usual ones. */
  readonly centre?: RunManifest['centre']
  readonly split?: EvaluationSettings['split']
  readonly rankWithin?: EvaluationSettings['rankWithin']
  readonly template?: string
}

/** What a prompt is known by: how it was tuned, which is known before it is, else its vectors. */
export function promptId({ sha256, recipe }: PromptIdentity): string {
  return recipe ?? sha256 ?? ''
}

type Identified = Omit<
  RunManifest,
  'evaluation' | 'tuning' | 'refinement' | 'relation' | 'selection' | 'retrieval' | 'device' | 'versions'
> & {
  readonly evaluation: EvaluationSettings | null
  readonly refinement?: Pick<RefinementRecord, 'task'> | undefined
}

/** A model without graph and weights: all that a transfer depends on. */
export function tableOf({ table, tokenizer }: ModelIdentity['fingerprint']): ModelIdentity['fingerprint'] {
  return { table, tokenizer }
}

/** Whether the result came from the target's graph, and it is not known with which weights. */
export function weightsUnverified({
  task,
  tuning,
  target
}: Pick<RunManifest, 'task' | 'tuning' | 'target'>): boolean {
  return (task !== null || tuning !== null) && target.fingerprint.weights === undefined
}

/** The inputs of a run: what of its manifest makes a difference to the result. */
export function runInputs(run: Identified): RunInputs {
  const {
    method,
    sources,
    target,
    prompt,
    task,
    evaluation,
    seed,
    length,
    anchors,
    mask,
    centre,
    rescale,
    refinement,
    template
  } = run
  // The words of a manual template say how many vectors there are and where they stand.
  const fromWords = method.kind === 'refine' && method.start === 'manual'
  const usual = fromWords || length === null || template === null || template === promptTemplate(length)
  // Sources that answer were run, and so was the target.
  const fingerprintOf = ({ fingerprint }: ModelIdentity, isRun: boolean) =>
    isRun ? fingerprint : tableOf(fingerprint)
  return {
    method,
    sources: sources.map(({ model, prompt, weight }) => ({
      model: fingerprintOf(model, refinement !== undefined),
      prompt: promptId(prompt),
      weight
    })),
    target: fingerprintOf(target, task !== null || refinement !== undefined),
    prompt: prompt === null ? null : promptId(prompt),
    task: task === null ? null : { sha256: task.sha256, limit: evaluation?.limit ?? null },
    // The seed of a tuned prompt is in its hash.
    seed: drawsNumbers(method) ? seed : null,
    length: fromWords ? null : length,
    anchors: anchors === null ? null : { hash: anchors.hash, count: anchors.count },
    mask,
    rescale,
    ...(refinement === undefined ? {} : { refinedOn: refinement.task.sha256 }),
    ...(centre === 'none' ? {} : { centre }),
    ...(evaluation === null || evaluation.split === 'test' ? {} : { split: evaluation.split }),
    ...(evaluation === null || evaluation.rankWithin === 'candidates'
      ? {}
      : { rankWithin: evaluation.rankWithin }),
    ...(usual ? {} : { template })
  }
}

/** The inputs of a run's condition: those of the run without task and evaluation. */
export function conditionInputs(run: Identified): RunInputs {
  const inputs = searchInputs(run)
  return run.task === null ? inputs : { ...inputs, target: run.target.fingerprint }
}

/** The inputs of finding the run's prompt: those of its condition where it is not evaluated. */
export function searchInputs(run: Identified): RunInputs {
  return runInputs({ ...run, task: null, evaluation: null })
}

/** A step of a search or tuning, evaluated on the dev split; of a refinement its agreement with the sources on held-out inputs. */
export const curvePointSchema = z.object({
  step: z.int(),
  /** Mean over the vectors, divided by the sum of the weights; null where the method has no such metric. */
  matching: z.number().nullable(),
  accuracy: z.number(),
  meanReciprocalRank: z.number()
})
export type CurvePoint = z.infer<typeof curvePointSchema>

/** A prediction as it is kept; what an older version didn't keep is null. */
export const keptPredictionSchema = z.object({
  ...predictionSchema.pick({ example: true, rank: true, loss: true }).shape,
  input: z.string().nullable(),
  label: z.string().nullable(),
  /** The best words, with their probability among the candidates. */
  top: z.array(z.object({ word: z.string(), probability: z.number().nullable() }))
})
export type KeptPrediction = z.infer<typeof keptPredictionSchema>
