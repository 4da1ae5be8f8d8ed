/** Tasks of a project: where their files are, and what was read there, by hash. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  type TaskSource,
  type TaskSummary,
  taskSourceSchema,
  taskSummarySchema
} from '#engine/common/contract/tasks.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { checkRecord, insertRow, jsonColumn, readRow } from './row.ts'
import { type TakenRows, takeRows } from './taken-rows.ts'

const taskRow = z
  .object({
    id: z.string(),
    source: jsonColumn(taskSourceSchema),
    summary: jsonColumn(taskSummarySchema),
    created_at: z.int()
  })
  .transform(({ created_at, ...task }) => ({ ...task, createdAt: created_at }))
/** A registered task; `source` says where its files were last. */
export type RegisteredTask = z.output<typeof taskRow>

export type TaskReader = {
  /** By name. */
  list(): Promise<RegisteredTask[]>
  get(id: string): Promise<RegisteredTask | undefined>
  bySha256(hash: string): Promise<RegisteredTask | undefined>
}

export type TaskWriter = TaskReader & {
  /** Adds the task, or notes where one of the same content is now and what is said of it; its id. */
  keep(source: TaskSource, summary: TaskSummary): Promise<string>
  /** Takes the task out of the project; evaluations keep what they say of it. */
  take(id: string): Promise<TakenRows>
}

const select = 'SELECT id, source, summary, created_at FROM tasks'

export function readTasks(connection: ReadConnection): TaskReader {
  const find = async (column: 'id' | 'sha256', value: string): Promise<RegisteredTask | undefined> => {
    const row = await connection.get(`${select} WHERE ${column} = ?`, [value])
    return row === undefined ? undefined : readRow(taskRow, row, 'a task')
  }
  return {
    async list() {
      const rows = await connection.all(`${select} ORDER BY name, id`)
      return rows.map((row) => readRow(taskRow, row, 'a task'))
    },
    get: (id) => find('id', id),
    bySha256: (hash) => find('sha256', hash)
  }
}

export function writeTasks(connection: WriteConnection): TaskWriter {
  const reader = readTasks(connection)
  return {
    ...reader,
    async keep(source, given) {
      const summary = checkRecord(taskSummarySchema, given, 'task')
      const place = JSON.stringify(checkRecord(taskSourceSchema, source, 'place of the task'))
      const known = await reader.bySha256(summary.sha256)
      if (known !== undefined) {
        await connection.run('UPDATE tasks SET source = ?, summary = ? WHERE id = ?', [
          place,
          JSON.stringify(summary),
          known.id
        ])
        return known.id
      }
      const id = randomUUID()
      await insertRow(connection, 'tasks', {
        id,
        name: summary.name,
        source: place,
        summary: JSON.stringify(summary),
        sha256: summary.sha256,
        created_at: Date.now()
      })
      return id
    },
    take: (id) => takeRows(connection, 'tasks', 'id', id)
  }
}
