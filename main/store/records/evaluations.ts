/** Evaluations: what a model answered with a prompt, a manual template or random vectors, example by example. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  type LabelledPrediction,
  predictionSchema,
  rankWithinSchema,
  type Scores,
  scoresSchema,
  skippedExamplesSchema
} from '#engine/common/contract/evaluation.ts'
import { splitNames } from '#engine/common/contract/tasks.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { modelIdentitySchema } from './manifest.ts'
import { checkRecord, compress, compressedColumn, insertRow, jsonColumn, readRow } from './row.ts'

/** What stood in the template. */
export const evaluatedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prompt'), name: z.string(), sha256: z.string() }),
  z.object({ kind: z.literal('manual') }),
  z.object({ kind: z.literal('random'), vectors: z.int().positive(), seed: z.int() })
])
export type Evaluated = z.infer<typeof evaluatedSchema>

/** Everything that made the answers. */
export const evaluationManifestSchema = z.object({
  contestant: evaluatedSchema,
  model: modelIdentitySchema,
  /** SHA-256 of the task's content. */
  task: z.object({ name: z.string(), sha256: z.string() }),
  template: z.string(),
  split: z.enum(splitNames),
  rankWithin: rankWithinSchema,
  limit: z.int().positive().nullable(),
  skipped: skippedExamplesSchema,
  /** Candidates that are one token in the model, or null where every token is one. */
  candidates: z.int().nullable(),
  device: z.object({ asked: z.string(), used: z.string() }),
  versions: z.record(z.string(), z.string())
})
export type EvaluationManifest = z.infer<typeof evaluationManifestSchema>

const predictionsColumn = compressedColumn(z.array(predictionSchema))

/** Figures of a prediction come from float32: more digits than it holds would be noise, and half of a project. */
function short(value: number): number {
  return Number(value.toPrecision(7))
}

function shortened({ loss, top, ...prediction }: LabelledPrediction): LabelledPrediction {
  return {
    ...prediction,
    loss: short(loss),
    top: top.map(({ word, probability }) => ({ word, probability: short(probability) }))
  }
}

const evaluationRow = z
  .object({
    id: z.string(),
    prompt_id: z.string().nullable(),
    manifest: jsonColumn(evaluationManifestSchema),
    scores: jsonColumn(scoresSchema),
    created_at: z.int()
  })
  .transform(({ prompt_id, created_at, ...evaluation }) => ({
    ...evaluation,
    /** Null where no prompt of the project was asked. */
    promptId: prompt_id,
    createdAt: created_at
  }))
/** An evaluation without its predictions. */
export type EvaluationSummary = z.output<typeof evaluationRow>

export type NewEvaluation = {
  cellId: string | null
  promptId: string | null
  manifest: EvaluationManifest
  scores: Scores
  predictions: readonly LabelledPrediction[]
  seconds: number
}

export type EvaluationReader = {
  /** Newest first. */
  list(): Promise<EvaluationSummary[]>
  byPrompt(promptId: string): Promise<EvaluationSummary[]>
  byJob(jobId: string): Promise<EvaluationSummary[]>
  predictions(id: string): Promise<LabelledPrediction[] | undefined>
}

export type EvaluationWriter = EvaluationReader & {
  /** Adds the evaluation; its id. */
  add(evaluation: NewEvaluation): Promise<string>
}

const select = 'SELECT id, prompt_id, manifest, scores, created_at FROM evaluations'

export function readEvaluations(connection: ReadConnection): EvaluationReader {
  const summaries = async (rest: string, values: string[] = []): Promise<EvaluationSummary[]> => {
    const rows = await connection.all(`${select} ${rest} ORDER BY created_at DESC, id`, values)
    return rows.map((row) => readRow(evaluationRow, row, 'an evaluation'))
  }
  return {
    list: () => summaries(''),
    byPrompt: (promptId) => summaries('WHERE prompt_id = ?', [promptId]),
    byJob: (jobId) => summaries('WHERE cell_id IN (SELECT id FROM cells WHERE job_id = ?)', [jobId]),
    async predictions(id) {
      const row = await connection.get('SELECT predictions FROM evaluations WHERE id = ?', [id])
      if (row === undefined) return undefined
      return readRow(z.object({ predictions: predictionsColumn }), row, 'predictions').predictions
    }
  }
}

export function writeEvaluations(connection: WriteConnection): EvaluationWriter {
  return {
    ...readEvaluations(connection),
    async add({ cellId, promptId, manifest, scores, predictions, seconds }) {
      const id = randomUUID()
      await insertRow(connection, 'evaluations', {
        id,
        cell_id: cellId,
        prompt_id: promptId,
        task_sha256: manifest.task.sha256,
        table_fingerprint: manifest.model.fingerprint.table,
        manifest: JSON.stringify(
          checkRecord(evaluationManifestSchema, manifest, 'manifest of an evaluation')
        ),
        accuracy: scores.accuracy,
        scores: JSON.stringify(checkRecord(scoresSchema, scores, 'scores')),
        predictions: compress(predictions.map(shortened)),
        seconds,
        created_at: Date.now()
      })
      return id
    }
  }
}
