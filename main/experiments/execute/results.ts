/**
 * A study's cells and what came of them: the form in which results are stored, travel between machines and
 * reach statistics and report. A cell is one method on one target and one task with one set of settings.
 */
import { z } from 'zod'
import { scoresSchema, skippedExamplesSchema } from '#engine/common/contract/evaluation.ts'
import { maskSettingsSchema, rescaleSchema } from '#engine/common/contract/transfer.ts'
import { methodSchema } from '#main/experiments/spec/method-settings.ts'
import type { Experiment, StudyFile } from '#main/experiments/spec/study-file.ts'
import { modelIdentitySchema } from '#store/records/manifest.ts'

export const studyCellSchema = z.object({
  /** SHA-256 of everything that makes the result: settings, and inputs by their hashes. */
  id: z.string(),
  /** The name of the method in the study file, and its kind. */
  method: z.string(),
  kind: z.string(),
  /** In the order of the study file; empty where nothing is carried. */
  sources: z.array(z.object({ model: z.string(), weight: z.number().positive() })),
  target: z.string(),
  /** Name of the task set in the study file, and of the task in it: the relation, or the set's own name. */
  task: z.object({ set: z.string(), name: z.string() }),
  /** Null where the method has none of it: a manual template has no seed, random vectors have no anchors. */
  seed: z.int().nullable(),
  length: z.int().positive().nullable(),
  /** How many anchors there are before the mask. */
  anchors: z.int().positive().nullable(),
  mask: maskSettingsSchema.nullable(),
  rescale: rescaleSchema.nullable()
})
export type StudyCell = z.infer<typeof studyCellSchema>

const fingerprintSchema = modelIdentitySchema.shape.fingerprint

/** Everything that makes the result of a cell, by hash where it is large. */
export const cellInputsSchema = z.object({
  method: methodSchema,
  sources: z.array(z.object({ model: fingerprintSchema, prompt: z.string(), weight: z.number().positive() })),
  target: fingerprintSchema,
  /** Direct tuning: the target's own prompt. */
  prompt: z.string().nullable(),
  /** SHA-256 of the content; how many examples are asked at most. */
  task: z.object({ sha256: z.string(), limit: z.int().positive().nullable() }),
  /** Where the method itself draws numbers; the seed of a tuned prompt is in its hash. */
  seed: z.int().nullable(),
  length: z.int().positive().nullable(),
  /** SHA-256 of all words that the models share, and how many of them are used. */
  anchors: z.object({ hash: z.string(), count: z.int().positive() }).nullable(),
  mask: maskSettingsSchema.nullable(),
  rescale: rescaleSchema.nullable()
})
export type CellInputs = z.infer<typeof cellInputsSchema>

/** An answer to one example of the test split. */
export const studyPredictionSchema = z.object({
  /** The example's id, the same for every method. */
  example: z.string(),
  /** Rank of the label, from 1. */
  rank: z.int().positive(),
  /** −log of the label's probability among the candidates. */
  loss: z.number(),
  /** The word ranked first. */
  answer: z.string()
})
export type StudyPrediction = z.infer<typeof studyPredictionSchema>

/** A step of a search, asked on the dev split. */
const searchPointSchema = z.object({
  step: z.int(),
  /** Mean over the vectors, divided by the sum of the weights; null where the method has no such figure. */
  matching: z.number().nullable(),
  accuracy: z.number(),
  meanReciprocalRank: z.number()
})

/** Everything that made a result: inputs by hash, settings, and what it was computed with. */
export const resultManifestSchema = z.object({
  /** What the id of the cell is the SHA-256 of. */
  inputs: cellInputsSchema,
  template: z.string(),
  device: z.object({ asked: z.string(), used: z.string() }),
  versions: z.record(z.string(), z.string())
})

export const studyResultSchema = z.object({
  /** The cell's. */
  id: z.string(),
  manifest: resultManifestSchema,
  /** On the test split. */
  scores: scoresSchema,
  skipped: skippedExamplesSchema,
  predictions: z.array(studyPredictionSchema),
  /** Mean over the vectors, divided by the sum of the weights; null for what was not carried in the relative space. */
  matching: z.number().nullable(),
  /** Which rule chose the prompt: `none` where there was nothing to choose, `validation` is not zero-shot. */
  selection: z.enum(['none', 'exact', 'last', 'lowest-loss', 'validation']),
  chosenStep: z.int().nullable(),
  /** Accuracy along the search; empty where it was not asked for. */
  curve: z.array(searchPointSchema),
  notes: z.array(z.string()),
  /** Of finding the prompt, without asking and without tuning it on the source. */
  seconds: z.number()
})
export type StudyResult = z.infer<typeof studyResultSchema>

/** A result as statistics need it: of every answer the rank alone. */
export type AskedResult = Omit<StudyResult, 'predictions'> & {
  /** Ids of the examples; one and the same list for all results that asked the same ones. */
  readonly examples: readonly string[]
  /** `[examples]`: the rank of each label, from 1. */
  readonly ranks: Int32Array
}

/** An experiment with its cells, in the order in which the file names them; a cell may be in several. */
export type PlannedExperiment = Experiment & { readonly cells: readonly StudyCell[] }

/** A study and what is known of it: what statistics and report are made from. */
export type StudyResults = {
  readonly study: StudyFile
  /** The words that all models of the study share. */
  readonly sharedAnchors: number
  readonly experiments: readonly PlannedExperiment[]
  /** By the id of the cell; what is missing has not been run. */
  readonly results: ReadonlyMap<string, AskedResult>
  /** Of the program and what computes. */
  readonly versions: Readonly<Record<string, string>>
}
