/** Prompts of a project: the vectors as a blob, what they belong to, and where they come from. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import {
  originRun,
  type Prompt,
  promptOriginSchema,
  promptPositionSchema,
  promptSchema
} from '#engine/common/contract/prompts.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { checkRecord, float32Column, insertRow, jsonColumn, readRow, sha256, toBlob } from './row.ts'
import { type TakenRows, takeRows } from './taken-rows.ts'

const summaryFields = {
  id: z.string(),
  name: z.string(),
  /** `m`. */
  vector_count: z.int(),
  /** `e`. */
  width: z.int(),
  sha256: z.string(),
  model_name: z.string().nullable(),
  table_fingerprint: z.string().nullable(),
  task: z.string().nullable(),
  relation: z.string().nullable(),
  origin: jsonColumn(promptOriginSchema),
  recipe: z.string().nullable(),
  created_at: z.int()
}

const summaryRow = z.object(summaryFields).transform((row) => ({
  id: row.id,
  name: row.name,
  vectorCount: row.vector_count,
  width: row.width,
  sha256: row.sha256,
  model: { name: row.model_name, tableFingerprint: row.table_fingerprint },
  task: row.task,
  relation: row.relation,
  origin: row.origin.kind,
  runId: originRun(row.origin),
  /** SHA-256 of how it was tuned here. */
  recipe: row.recipe,
  createdAt: row.created_at
}))
/** A prompt in a list: everything but its vectors. */
export type PromptSummary = z.output<typeof summaryRow>

const promptRow = z
  .object({
    ...summaryFields,
    vectors: float32Column,
    position: promptPositionSchema,
    template: z.string().nullable(),
    warnings: jsonColumn(z.array(z.string()))
  })
  .transform((row, context) => {
    const prompt = promptSchema.safeParse({
      name: row.name,
      vectors: { rows: row.vector_count, columns: row.width, data: row.vectors },
      model: { name: row.model_name, tableFingerprint: row.table_fingerprint },
      task: row.task,
      relation: row.relation,
      position: row.position,
      template: row.template,
      origin: row.origin,
      warnings: row.warnings
    })
    if (prompt.success) return { id: row.id, sha256: row.sha256, recipe: row.recipe, prompt: prompt.data }
    context.addIssue({ code: 'custom', message: describeIssues(prompt.error) })
    return z.NEVER
  })
export type StoredPrompt = z.output<typeof promptRow>

export type PromptFilter = { tableFingerprint?: string; relation?: string }

export type PromptReader = {
  /** Newest first, without vectors. */
  list(filter?: PromptFilter): Promise<PromptSummary[]>
  get(id: string): Promise<StoredPrompt | undefined>
  /** Prompts with exactly these vectors. */
  bySha256(hash: string): Promise<PromptSummary[]>
  /** The prompt that was tuned so, or that a plan knows so which was made before the weights were hashed. */
  byRecipe(recipe: string): Promise<StoredPrompt | undefined>
  /** All that `byRecipe` finds. */
  recipes(): Promise<Set<string>>
}

export type PromptWriter = PromptReader & {
  /** Adds the prompt; its id. @param recipe SHA-256 of how it was tuned here */
  add(prompt: Prompt, recipe?: string): Promise<string>
  /** The id of the prompt that the same run found with the same vectors, added where there is none. */
  keepFound(prompt: Prompt, recipe?: string): Promise<string>
  /** Takes the prompt out of the project; its runs stay. */
  take(id: string): Promise<TakenRows>
}

/** SHA-256 of shape and values: prompts are the same where it is. */
export function hashVectors(vectors: Prompt['vectors']): string {
  const shape = Buffer.from(`${vectors.rows}x${vectors.columns}\n`)
  return sha256(Buffer.concat([shape, toBlob(vectors.data)]))
}

const summaryColumns = Object.keys(summaryFields).join(', ')
const promptColumns = `${summaryColumns}, vectors, position, template, warnings`

export function readPrompts(connection: ReadConnection): PromptReader {
  const summaries = async (rest: string, values: string[]): Promise<PromptSummary[]> => {
    const rows = await connection.all(`SELECT ${summaryColumns} FROM prompts ${rest}`, values)
    return rows.map((row) => readRow(summaryRow, row, 'a prompt'))
  }
  const find = async (condition: string, ...values: string[]): Promise<StoredPrompt | undefined> => {
    const row = await connection.get(`SELECT ${promptColumns} FROM prompts WHERE ${condition}`, values)
    return row === undefined ? undefined : readRow(promptRow, row, 'a prompt')
  }
  return {
    list({ tableFingerprint, relation } = {}) {
      const conditions: [string, string][] = []
      if (tableFingerprint !== undefined) conditions.push(['table_fingerprint = ?', tableFingerprint])
      if (relation !== undefined) conditions.push(['relation = ?', relation])
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([test]) => test).join(' AND ')}`
      return summaries(
        `${where} ORDER BY created_at DESC, id`,
        conditions.map(([, value]) => value)
      )
    },
    get: (id) => find('id = ?', id),
    bySha256: (hash) => summaries('WHERE sha256 = ? ORDER BY created_at, id', [hash]),
    byRecipe: (recipe) => find('recipe = ? OR planned_recipe = ?', recipe, recipe),
    async recipes() {
      const rows = await connection.all(`
        SELECT recipe FROM prompts WHERE recipe IS NOT NULL
        UNION SELECT planned_recipe FROM prompts WHERE planned_recipe IS NOT NULL`)
      return new Set(rows.map((row) => readRow(z.object({ recipe: z.string() }), row, 'a prompt').recipe))
    }
  }
}

export function writePrompts(connection: WriteConnection): PromptWriter {
  const add = async (given: Prompt, recipe?: string): Promise<string> => {
    const prompt = checkRecord(promptSchema, given, 'prompt')
    const { vectors } = prompt
    const id = randomUUID()
    await insertRow(connection, 'prompts', {
      id,
      name: prompt.name,
      vector_count: vectors.rows,
      width: vectors.columns,
      vectors: toBlob(vectors.data),
      sha256: hashVectors(vectors),
      model_name: prompt.model.name,
      table_fingerprint: prompt.model.tableFingerprint,
      task: prompt.task,
      relation: prompt.relation,
      position: prompt.position,
      template: prompt.template,
      origin: JSON.stringify(prompt.origin),
      recipe: recipe ?? null,
      warnings: JSON.stringify(prompt.warnings),
      created_at: Date.now()
    })
    return id
  }
  return {
    ...readPrompts(connection),
    add,
    async keepFound(prompt, recipe) {
      const row = await connection.get('SELECT id FROM prompts WHERE sha256 = ? AND origin = ?', [
        hashVectors(prompt.vectors),
        JSON.stringify(checkRecord(promptOriginSchema, prompt.origin, 'origin of a prompt'))
      ])
      if (row === undefined) return await add(prompt, recipe)
      return readRow(z.object({ id: z.string() }), row, 'a prompt').id
    },
    async take(id) {
      const runs = await connection.all('SELECT id FROM runs WHERE prompt_id = ?', [id])
      const links = runs.map((row) => ({
        table: 'runs',
        row: { prompt_id: id },
        stayed: readRow(z.object({ id: z.string() }), row, 'a run').id
      }))
      return [...(await takeRows(connection, 'prompts', 'id', id)), ...links]
    }
  }
}
