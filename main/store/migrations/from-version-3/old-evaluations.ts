/** Evaluations as version 3 kept them: a task put to a model with a prompt, a manual template or random vectors. */
import { z } from 'zod'
import { rankWithinSchema, scoresSchema, skippedExamplesSchema } from '#engine/common/contract/evaluation.ts'
import { modelIdentitySchema, type RunManifest } from '#engine/common/contract/runs.ts'
import { splitNames } from '#engine/common/contract/tasks.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { jsonColumn, readRow } from '../../records/row.ts'
import { deviceSchema, taskSchema, versionsSchema } from './columns.ts'
import { modelKey } from './plans.ts'

const manifestSchema = z.object({
  contestant: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('prompt'), name: z.string(), sha256: z.string() }),
    z.object({ kind: z.literal('manual') }),
    z.object({ kind: z.literal('random'), vectors: z.int(), seed: z.int() })
  ]),
  model: modelIdentitySchema,
  task: taskSchema,
  template: z.string(),
  split: z.enum(splitNames),
  rankWithin: rankWithinSchema,
  limit: z.int().nullable(),
  skipped: skippedExamplesSchema,
  candidates: z.int().nullable(),
  device: deviceSchema,
  versions: versionsSchema
})

const evaluationRow = z
  .object({
    id: z.string(),
    cell_id: z.string().nullable(),
    prompt_id: z.string().nullable(),
    manifest: jsonColumn(manifestSchema),
    scores: jsonColumn(scoresSchema),
    predictions: z.instanceof(Buffer),
    seconds: z.number(),
    created_at: z.int()
  })
  .transform(({ cell_id, prompt_id, created_at, ...row }) => ({
    ...row,
    cellId: cell_id,
    promptId: prompt_id,
    createdAt: created_at
  }))
export type OldEvaluation = z.output<typeof evaluationRow>

export async function readEvaluation(connection: WriteConnection, id: string): Promise<OldEvaluation> {
  const row = await connection.get('SELECT * FROM evaluations WHERE id = ?', [id])
  return readRow(evaluationRow, row, 'an evaluation')
}

const newestRow = z.object({ id: z.string(), model: jsonColumn(modelIdentitySchema.shape.fingerprint) })

/** The newest evaluation of a prompt on the model it is of: what version 3 showed beside the run. */
export async function newestEvaluation(
  connection: WriteConnection,
  promptId: string | null,
  model: RunManifest['target']['fingerprint']
): Promise<string | null> {
  if (promptId === null) return null
  const rows = await connection.all(
    `SELECT id, manifest -> '$.model.fingerprint' AS model FROM evaluations WHERE prompt_id = ?
     ORDER BY created_at DESC, id`,
    [promptId]
  )
  const found = rows
    .map((row) => readRow(newestRow, row, 'an evaluation'))
    .find((row) => modelKey(row.model) === modelKey(model))
  return found?.id ?? null
}

/** The manifest of a run with what an evaluation adds to it. */
export function evaluatedBy(
  unevaluated: RunManifest,
  { manifest }: Pick<OldEvaluation, 'manifest'>
): RunManifest {
  const { task, template, split, rankWithin, limit, skipped, candidates, versions } = manifest
  return {
    ...unevaluated,
    task,
    template,
    evaluation: { split, rankWithin, limit, skipped, candidates },
    versions: { ...versions, ...unevaluated.versions }
  }
}
