/**
 * Experiments: plans under the hash of their content, so that storing one twice changes nothing, and how long their
 * groups took. What a plan holds is the planner's to check; here it is a document.
 */
import { z } from 'zod'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { compress, compressedColumn, insertRow, readRow } from './row.ts'

const summaryRow = z
  .object({ id: z.string(), name: z.string(), created_at: z.int() })
  .transform(({ created_at, ...experiment }) => ({ ...experiment, createdAt: created_at }))
/** An experiment without its plan. */
export type ExperimentSummary = z.output<typeof summaryRow>

const timeRow = z.object({ model: z.string(), kind: z.string(), work: z.number(), seconds: z.number() })
/** How long work of a kind took on a model, and how much it was, in units of the kind. */
export type WorkTime = z.infer<typeof timeRow>

export type ExperimentReader = {
  /** Newest first. */
  list(): Promise<ExperimentSummary[]>
  plan(id: string): Promise<unknown>
  /** Summed over groups, by model and kind. */
  times(): Promise<WorkTime[]>
}

export type ExperimentWriter = ExperimentReader & {
  addPlan(id: string, name: string, plan: unknown): Promise<void>
  /** What a group did that the project's queue has computed. */
  addTimes(groupId: string, times: readonly WorkTime[]): Promise<void>
}

export function readExperiments(connection: ReadConnection): ExperimentReader {
  return {
    async list() {
      const rows = await connection.all(
        'SELECT id, name, created_at FROM experiments ORDER BY created_at DESC, rowid DESC'
      )
      return rows.map((row) => readRow(summaryRow, row, 'an experiment'))
    },
    async plan(id) {
      const row = await connection.get('SELECT plan FROM experiments WHERE id = ?', [id])
      if (row === undefined) return undefined
      return readRow(z.object({ plan: compressedColumn(z.unknown()) }), row, 'the plan of an experiment').plan
    },
    async times() {
      const rows = await connection.all(
        'SELECT model, kind, sum(work) AS work, sum(seconds) AS seconds FROM group_times GROUP BY model, kind'
      )
      return rows.map((row) => readRow(timeRow, row, 'how long a group took'))
    }
  }
}

export function writeExperiments(connection: WriteConnection): ExperimentWriter {
  return {
    ...readExperiments(connection),
    async addPlan(id, name, plan) {
      // Planned again, an experiment is the newest.
      await connection.run('DELETE FROM experiments WHERE id = ?', [id])
      await insertRow(connection, 'experiments', { id, name, plan: compress(plan), created_at: Date.now() })
    },
    async addTimes(groupId, times) {
      for (const time of times)
        await insertRow(connection, 'group_times', { group_id: groupId, ...time, created_at: Date.now() })
    }
  }
}
