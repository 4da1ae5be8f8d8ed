/** The rows of runs: what a list shows, what a table of all runs shows, and one in full. */
import { z } from 'zod'
import { scoresSchema } from '#engine/common/contract/evaluation.ts'
import { curvePointSchema, keptPredictionSchema, runManifestSchema } from '#engine/common/contract/runs.ts'
import { splitNames } from '#engine/common/contract/tasks.ts'
import { transferReportSchema } from '#engine/common/contract/transfer.ts'
import { compressedColumn, float64Column, jsonColumn } from './row.ts'

const summaryFields = {
  id: z.string(),
  name: z.string(),
  matching: z.number().nullable(),
  seconds: z.number(),
  created_at: z.int(),
  prompt_id: z.string().nullable(),
  unverified: z.int()
}

/** By looking at which split a race chose the set of a run, and among how many; null where none did. */
const chosenOnColumn = jsonColumn(z.object({ split: z.enum(splitNames), among: z.int() })).nullable()

/** The latest race that chose the condition of a run. */
export const chosenOnSql = `(
  SELECT json_object('split', races.record ->> '$.split', 'among', json_array_length(races.record, '$.sets'))
  FROM chosen_conditions JOIN races ON races.id = chosen_conditions.race_id
  WHERE chosen_conditions.condition_id = runs.condition_id
  ORDER BY races.created_at DESC LIMIT 1) AS chosen_on`

/** Columns of a summary. */
export const summaryColumns = Object.keys(summaryFields)
  .map((column) => `runs.${column}`)
  .join(', ')

export const summaryRow = z.object(summaryFields).transform((row) => ({
  id: row.id,
  name: row.name,
  /** Mean over the vectors, divided by the sum of the weights; null for what was not transferred in the relative space. */
  matching: row.matching,
  seconds: row.seconds,
  createdAt: row.created_at,
  /** Null where it has none (a manual template), or none was kept. */
  promptId: row.prompt_id,
  /** It came from a graph, and with which weights is not known. */
  weightsUnverified: row.unverified === 1
}))
export type RunSummary = z.output<typeof summaryRow>

export const overviewRow = z
  .object({
    ...summaryFields,
    condition_id: z.string(),
    job_id: z.string().nullable(),
    manifest: jsonColumn(runManifestSchema),
    scores: jsonColumn(scoresSchema).nullable(),
    archived: z.int(),
    chosen_on: chosenOnColumn,
    tags: jsonColumn(z.array(z.string()))
  })
  .transform((row) => ({
    id: row.id,
    conditionId: row.condition_id,
    name: row.name,
    jobId: row.job_id,
    promptId: row.prompt_id,
    manifest: row.manifest,
    matching: row.matching,
    /** Null: not evaluated. */
    scores: row.scores,
    weightsUnverified: row.unverified === 1,
    archived: row.archived === 1,
    chosenOn: row.chosen_on,
    tags: row.tags,
    seconds: row.seconds,
    createdAt: row.created_at
  }))
/** A run in the table of all runs. */
export type RunOverview = z.output<typeof overviewRow>

/** Columns of a run in full. */
export const runColumns = `${summaryColumns}, runs.condition_id, runs.manifest, runs.report, runs.notes, runs.loss_curve,
  runs.chosen_step, runs.curve, runs.scores, ${chosenOnSql}`

export const runRow = z
  .object({
    ...summaryFields,
    condition_id: z.string(),
    manifest: jsonColumn(runManifestSchema),
    report: jsonColumn(transferReportSchema).nullable(),
    notes: jsonColumn(z.array(z.string())),
    loss_curve: float64Column.nullable(),
    chosen_step: z.int().nullable(),
    curve: jsonColumn(z.array(curvePointSchema)),
    scores: jsonColumn(scoresSchema).nullable(),
    chosen_on: chosenOnColumn
  })
  .transform((row) => ({
    id: row.id,
    conditionId: row.condition_id,
    name: row.name,
    manifest: row.manifest,
    matching: row.matching,
    /** Of what the exact search or Adam found. */
    report: row.report,
    /** Remarks of whoever computed it. */
    notes: row.notes,
    /** Of a search: the loss before each step; of a tuning: the training loss of every step. */
    loss: row.loss_curve,
    chosenStep: row.chosen_step,
    /** Accuracy along the search or tuning, on the dev split. */
    curve: row.curve,
    scores: row.scores,
    chosenOn: row.chosen_on,
    seconds: row.seconds,
    createdAt: row.created_at,
    promptId: row.prompt_id,
    weightsUnverified: row.unverified === 1
  }))
export type StoredRun = z.output<typeof runRow>

/** Of the predictions of a run what says how it did: figures and words are not looked at. */
export const outcomesRow = z.object({
  id: z.string(),
  predictions: compressedColumn(z.array(keptPredictionSchema.pick({ example: true, rank: true }))).nullable()
})

export const predictionsRow = z.object({
  predictions: compressedColumn(z.array(keptPredictionSchema)).nullable()
})
