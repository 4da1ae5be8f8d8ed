/** Prompts: what a run found says so in its origin, and what was tuned says how. */
import { z } from 'zod'
import { promptTemplate } from '#engine/common/contract/evaluation.ts'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { hashContent, jsonColumn, readRow } from '../../records/row.ts'
import { fingerprintSchema, templateLength, tuningStartSchema } from './columns.ts'

const tunedRow = z.object({
  id: z.string(),
  manifest: jsonColumn(
    z.object({
      model: z.object({ fingerprint: fingerprintSchema }),
      task: z.object({ sha256: z.string() }),
      start: tuningStartSchema,
      template: z.string(),
      settings: tuningSettingsSchema,
      seed: z.int()
    })
  ),
  /** Of the job; null where it is gone, as is the template where the usual one was meant. */
  job: z.string().nullable(),
  template: z.string().nullable()
})
type Tuned = z.output<typeof tunedRow>

/** The template that a tuning asked for; null: the usual one. */
function askedTemplate({ manifest, job, template }: Tuned): string | null {
  if (job !== null) return template
  return manifest.template === promptTemplate(templateLength(manifest.template)) ? null : manifest.template
}

/** SHA-256 of how a prompt was tuned; from a random start in the usual template it is that of a study's group. */
function recipeOf(tuned: Tuned): string {
  const { model, task, start, settings, seed } = tuned.manifest
  const template = askedTemplate(tuned)
  const inputs = { model: model.fingerprint, task: task.sha256, seed, settings }
  return hashContent(
    start.kind === 'random' && template === null
      ? { ...inputs, length: start.vectors }
      : { ...inputs, start, template }
  )
}

/** Moves the prompts; how each tuning made its own, by the id of the tuning. */
export async function movePrompts(connection: WriteConnection): Promise<ReadonlyMap<string, string>> {
  await connection.run(`
    INSERT INTO new_prompts (id, name, vector_count, width, vectors, sha256, model_name, table_fingerprint, task, relation,
      position, template, origin, recipe, warnings, created_at)
    SELECT id, name, vector_count, width, vectors, sha256, model_name, table_fingerprint, task, relation, position, template,
      coalesce(origin, json_object('kind', 'run', 'run', run_id)), NULL, warnings, created_at FROM prompts`)
  const rows = await connection.all(`
    SELECT tunings.id, tunings.manifest, cells.job_id AS job, jobs.settings ->> '$.template' AS template
    FROM tunings LEFT JOIN cells ON cells.id = tunings.cell_id LEFT JOIN jobs ON jobs.id = cells.job_id`)
  const tunings = rows.map((row) => readRow(tunedRow, row, 'a tuning'))
  const recipes = new Map(tunings.map((tuned) => [tuned.id, recipeOf(tuned)]))
  for (const [id, recipe] of recipes)
    await connection.run(`UPDATE new_prompts SET recipe = ? WHERE origin ->> '$.tuning' = ?`, [recipe, id])
  return recipes
}

const promptNameRow = z.object({ sha256: z.string(), recipe: z.string() })

/** The recipe of every tuned prompt, by its vectors. */
export async function readRecipes(connection: WriteConnection): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.all('SELECT sha256, recipe FROM new_prompts WHERE recipe IS NOT NULL')
  return new Map(
    rows.map((row) => readRow(promptNameRow, row, 'a prompt')).map(({ sha256, recipe }) => [sha256, recipe])
  )
}
