/** Tunings: each is a run of direct tuning with its curves, and with the newest evaluation of what was tuned. */
import { z } from 'zod'
import { modelIdentitySchema } from '#engine/common/contract/runs.ts'
import { tuningResultSchema, tuningSettingsSchema, validationSchema } from '#engine/common/contract/tuning.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { jsonColumn, readRow } from '../../records/row.ts'
import {
  deviceSchema,
  insertRun,
  readIds,
  taskSchema,
  templateLength,
  tunedManifest,
  tuningStartSchema,
  versionsSchema
} from './columns.ts'
import { evaluatedBy, newestEvaluation, readEvaluation } from './old-evaluations.ts'

const manifestSchema = z.object({
  model: modelIdentitySchema,
  task: taskSchema,
  start: tuningStartSchema,
  template: z.string(),
  settings: tuningSettingsSchema,
  seed: z.int(),
  selection: z.enum(['validation', 'last']),
  ended: tuningResultSchema.shape.ended,
  examples: tuningResultSchema.shape.examples,
  device: deviceSchema,
  versions: versionsSchema
})

const tuningRow = z.object({
  id: z.string(),
  cell_id: z.string().nullable(),
  manifest: jsonColumn(manifestSchema),
  loss_curve: z.instanceof(Buffer),
  validations: jsonColumn(z.array(validationSchema)),
  chosen_step: z.int(),
  seconds: z.number(),
  created_at: z.int()
})

const promptRow = z.object({
  id: z.string(),
  name: z.string(),
  sha256: z.string(),
  vector_count: z.int(),
  relation: z.string().nullable()
})

async function moveTuning(connection: WriteConnection, id: string, recipe: string | null): Promise<void> {
  const row = readRow(tuningRow, await connection.get('SELECT * FROM tunings WHERE id = ?', [id]), 'a tuning')
  const found = await connection.get(`SELECT * FROM new_prompts WHERE origin ->> '$.tuning' = ?`, [id])
  const prompt = found === undefined ? undefined : readRow(promptRow, found, 'a prompt')
  const { model, selection, device, versions, ...tuning } = row.manifest
  const name = prompt?.name ?? `${tuning.task.name}, ${model.name}`
  const unevaluated = tunedManifest({
    target: model,
    // Where the prompt was removed, how it was tuned still tells it from others.
    prompt: { name, sha256: prompt?.sha256 ?? null, recipe },
    length: prompt?.vector_count ?? templateLength(tuning.template),
    relation: prompt?.relation ?? null,
    tuning,
    selection,
    device,
    versions
  })
  const newest = await newestEvaluation(connection, prompt?.id ?? null, model.fingerprint)
  const evaluation = newest === null ? null : await readEvaluation(connection, newest)
  await insertRun(connection, {
    id,
    cellId: row.cell_id,
    promptId: prompt?.id ?? null,
    name,
    manifest: evaluation === null ? unevaluated : evaluatedBy(unevaluated, evaluation),
    matching: null,
    report: null,
    notes: [],
    lossCurve: row.loss_curve,
    chosenStep: row.chosen_step,
    curve: row.validations.map((point) => ({ ...point, matching: null })),
    evaluated: evaluation,
    seconds: row.seconds,
    createdAt: row.created_at
  })
}

/** @param recipes how each made its prompt, by its id */
export async function moveTunings(
  connection: WriteConnection,
  recipes: ReadonlyMap<string, string>
): Promise<void> {
  for (const id of await readIds(connection, 'SELECT id FROM tunings ORDER BY created_at, rowid'))
    await moveTuning(connection, id, recipes.get(id) ?? null)
}
