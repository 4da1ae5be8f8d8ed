/** Prompts of a project: the vectors as a blob, what they belong to, and where they come from. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
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
  run_id: z.string().nullable(),
  created_at: z.int()
}

const originKinds = ['file', 'run', 'tuning'] as const
const originKind =
  "CASE WHEN run_id IS NULL THEN json_extract(origin, '$.kind') ELSE 'run' END AS origin_kind"

const summaryRow = z.object({ ...summaryFields, origin_kind: z.enum(originKinds) }).transform((row) => ({
  id: row.id,
  name: row.name,
  vectorCount: row.vector_count,
  width: row.width,
  sha256: row.sha256,
  model: { name: row.model_name, tableFingerprint: row.table_fingerprint },
  task: row.task,
  relation: row.relation,
  origin: row.origin_kind,
  runId: row.run_id,
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
    origin: jsonColumn(promptOriginSchema).nullable(),
    warnings: jsonColumn(z.array(z.string()))
  })
  .transform((row, context) => {
    const origin = row.run_id === null ? row.origin : { kind: 'run' as const, run: row.run_id }
    const prompt = promptSchema.safeParse({
      name: row.name,
      vectors: { rows: row.vector_count, columns: row.width, data: row.vectors },
      model: { name: row.model_name, tableFingerprint: row.table_fingerprint },
      task: row.task,
      relation: row.relation,
      position: row.position,
      template: row.template,
      origin,
      warnings: row.warnings
    })
    if (prompt.success) return { id: row.id, sha256: row.sha256, prompt: prompt.data }
    context.addIssue({ code: 'custom', message: z.prettifyError(prompt.error) })
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
  byRun(runId: string): Promise<StoredPrompt | undefined>
}

export type PromptWriter = PromptReader & {
  /** Adds the prompt; its id. */
  add(prompt: Prompt): Promise<string>
  /** Takes the prompt out of the project, and with it what it was evaluated to; the run that made it stays. */
  take(id: string): Promise<TakenRows>
}

/** SHA-256 of shape and values: prompts are the same where it is. */
export function hashVectors(vectors: Prompt['vectors']): string {
  const shape = Buffer.from(`${vectors.rows}x${vectors.columns}\n`)
  return sha256(Buffer.concat([shape, toBlob(vectors.data)]))
}

const summaryColumns = Object.keys(summaryFields).join(', ')
const promptColumns = `${summaryColumns}, vectors, position, template, origin, warnings`

export function readPrompts(connection: ReadConnection): PromptReader {
  const summaries = async (rest: string, values: string[]): Promise<PromptSummary[]> => {
    const rows = await connection.all(`SELECT ${summaryColumns}, ${originKind} FROM prompts ${rest}`, values)
    return rows.map((row) => readRow(summaryRow, row, 'a prompt'))
  }
  const find = async (column: 'id' | 'run_id', value: string): Promise<StoredPrompt | undefined> => {
    const row = await connection.get(`SELECT ${promptColumns} FROM prompts WHERE ${column} = ?`, [value])
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
    get: (id) => find('id', id),
    bySha256: (hash) => summaries('WHERE sha256 = ? ORDER BY created_at, id', [hash]),
    byRun: (runId) => find('run_id', runId)
  }
}

export function writePrompts(connection: WriteConnection): PromptWriter {
  return {
    ...readPrompts(connection),
    async add(given) {
      const prompt = checkRecord(promptSchema, given, 'prompt')
      const { origin, vectors } = prompt
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
        origin: origin.kind === 'run' ? null : JSON.stringify(origin),
        run_id: origin.kind === 'run' ? origin.run : null,
        warnings: JSON.stringify(prompt.warnings),
        created_at: Date.now()
      })
      return id
    },
    async take(id) {
      const evaluations = await takeRows(connection, 'evaluations', 'prompt_id', id)
      return [...(await takeRows(connection, 'prompts', 'id', id)), ...evaluations]
    }
  }
}
