/**
 * Studies: plans, results and tuned prompts, each under the hash of its content, so that storing one twice changes
 * nothing. What a plan and a result hold is the workbench's to check; here they are documents.
 */
import { z } from 'zod'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { compress, compressedColumn, float32Column, insertRow, jsonColumn, readRow, toBlob } from './row.ts'

const summaryRow = z
  .object({ id: z.string(), name: z.string(), created_at: z.int() })
  .transform(({ created_at, ...study }) => ({ ...study, createdAt: created_at }))
/** A study without its plan. */
export type StudySummary = z.output<typeof summaryRow>

export type StoredStudyPrompt = {
  id: string
  /** `[m, e]`. */
  vectors: Matrix
  /** How it was tuned. */
  tuning: unknown
}

const promptRow = z
  .object({
    id: z.string(),
    vector_count: z.int(),
    width: z.int(),
    vectors: float32Column,
    tuning: jsonColumn(z.unknown())
  })
  .transform(
    ({ id, vector_count, width, vectors, tuning }): StoredStudyPrompt => ({
      id,
      vectors: { rows: vector_count, columns: width, data: vectors },
      tuning
    })
  )

const timeRow = z.object({ model: z.string(), kind: z.string(), work: z.number(), seconds: z.number() })
/** How long groups of a kind took on a model, and how much work they were, in units of the kind. */
export type StudyTime = z.infer<typeof timeRow>

export type StudyReader = {
  /** Newest first. */
  list(): Promise<StudySummary[]>
  plan(id: string): Promise<unknown>
  /** The ids of all cells that have a result. */
  resultIds(): Promise<Set<string>>
  result(id: string): Promise<unknown>
  promptIds(): Promise<Set<string>>
  prompt(id: string): Promise<StoredStudyPrompt | undefined>
  /** Summed over groups, by model and kind. */
  times(): Promise<StudyTime[]>
}

export type StudyWriter = StudyReader & {
  addPlan(id: string, name: string, plan: unknown): Promise<void>
  addResult(id: string, result: unknown): Promise<void>
  addPrompt(prompt: StoredStudyPrompt): Promise<void>
  addTime(groupId: string, time: StudyTime): Promise<void>
}

const idRow = z.object({ id: z.string() })

export function readStudies(connection: ReadConnection): StudyReader {
  const ids = async (table: 'study_results' | 'study_prompts'): Promise<Set<string>> => {
    const rows = await connection.all(`SELECT id FROM ${table}`)
    return new Set(rows.map((row) => readRow(idRow, row, 'an id').id))
  }
  return {
    async list() {
      const rows = await connection.all(
        'SELECT id, name, created_at FROM studies ORDER BY created_at DESC, rowid DESC'
      )
      return rows.map((row) => readRow(summaryRow, row, 'a study'))
    },
    async plan(id) {
      const row = await connection.get('SELECT plan FROM studies WHERE id = ?', [id])
      if (row === undefined) return undefined
      return readRow(z.object({ plan: compressedColumn(z.unknown()) }), row, 'the plan of a study').plan
    },
    resultIds: () => ids('study_results'),
    async result(id) {
      const row = await connection.get('SELECT result FROM study_results WHERE id = ?', [id])
      if (row === undefined) return undefined
      return readRow(z.object({ result: compressedColumn(z.unknown()) }), row, 'a result of a study').result
    },
    promptIds: () => ids('study_prompts'),
    async prompt(id) {
      const sql = 'SELECT id, vector_count, width, vectors, tuning FROM study_prompts WHERE id = ?'
      const row = await connection.get(sql, [id])
      return row === undefined ? undefined : readRow(promptRow, row, 'a prompt of a study')
    },
    async times() {
      const rows = await connection.all(
        'SELECT model, kind, sum(work) AS work, sum(seconds) AS seconds FROM study_times GROUP BY model, kind'
      )
      return rows.map((row) => readRow(timeRow, row, 'how long a group took'))
    }
  }
}

export function writeStudies(connection: WriteConnection): StudyWriter {
  const reader = readStudies(connection)
  const isThere = async (table: 'studies' | 'study_results' | 'study_prompts', id: string) =>
    (await connection.get(`SELECT 1 FROM ${table} WHERE id = ?`, [id])) !== undefined
  return {
    ...reader,
    async addPlan(id, name, plan) {
      // Planned again, a study is the newest.
      await connection.run('DELETE FROM studies WHERE id = ?', [id])
      await insertRow(connection, 'studies', { id, name, plan: compress(plan), created_at: Date.now() })
    },
    async addResult(id, result) {
      if (await isThere('study_results', id)) return
      await insertRow(connection, 'study_results', { id, result: compress(result), created_at: Date.now() })
    },
    async addPrompt({ id, vectors, tuning }) {
      if (await isThere('study_prompts', id)) return
      await insertRow(connection, 'study_prompts', {
        id,
        vector_count: vectors.rows,
        width: vectors.columns,
        vectors: toBlob(vectors.data),
        tuning: JSON.stringify(tuning),
        created_at: Date.now()
      })
    },
    async addTime(groupId, { model, kind, work, seconds }) {
      await insertRow(connection, 'study_times', {
        group_id: groupId,
        model,
        kind,
        work,
        seconds,
        created_at: Date.now()
      })
    }
  }
}
