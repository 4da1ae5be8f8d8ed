/** Jobs and their cells: the queue as it is on disk. The rules of the queue are the workbench's. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type ErrorData, errorDataSchema } from '#engine/common/contract/errors.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import {
  checkRecord,
  compress,
  compressedColumn,
  insertRow,
  jsonColumn,
  readRow,
  requireFound
} from './row.ts'

const jobStates = ['queued', 'running', 'finished', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

/** What the groups of a job do: those of a stored experiment, or all of one kind. */
const jobKinds = ['experiment', 'measuring', 'tuning', 'race'] as const

const jobRow = z
  .object({
    id: z.string(),
    title: z.string(),
    kind: z.enum(jobKinds),
    experiment_id: z.string().nullable(),
    state: z.enum(jobStates),
    error: jsonColumn(errorDataSchema).nullable(),
    position: z.int(),
    paused: z.int(),
    created_at: z.int(),
    ended_at: z.int().nullable()
  })
  .transform(({ experiment_id, created_at, ended_at, paused, ...job }) => ({
    ...job,
    /** A person paused it: nothing more of it is started. */
    isPaused: paused !== 0,
    /** The experiment whose groups it computes; null where they are its own. */
    experimentId: experiment_id,
    createdAt: created_at,
    endedAt: ended_at
  }))
export type Job = z.output<typeof jobRow>

const cellRow = z
  .object({
    id: z.string(),
    job_id: z.string(),
    label: z.string(),
    group_id: z.string(),
    state: z.enum(jobStates),
    attempts: z.int(),
    error: jsonColumn(errorDataSchema).nullable()
  })
  .transform(({ job_id, group_id, ...cell }) => ({ ...cell, jobId: job_id, groupId: group_id }))
/** One work group of a job, committed as it finishes. `attempts` counts its starts. */
export type Cell = z.output<typeof cellRow>

const countRow = z.object({ state: z.enum(jobStates), count: z.int() })

const leftRow = z
  .object({ group_id: z.string(), state: z.enum(['queued', 'running']) })
  .transform(({ group_id, state }) => ({ groupId: group_id, state }))
/** A group of a job that has not ended. */
export type GroupLeft = z.output<typeof leftRow>

const queueRow = z.object({ queue_paused: z.int() })

const waitingRow = z.object({ id: z.string(), position: z.int() })

const lastRow = z.object({ last: z.int() })

const groupsRow = z.object({ work_groups: compressedColumn(z.unknown()) })

export type NewJob = {
  title: string
  kind: (typeof jobKinds)[number]
  experimentId: string | null
  /** Its own groups as the planner made them; null where they are the experiment's. */
  groups: readonly unknown[] | null
  cells: readonly { label: string; groupId: string }[]
}

export type JobReader = {
  /** In the order in which they were asked for. */
  list(): Promise<Job[]>
  get(id: string): Promise<Job | undefined>
  /** The groups of a job that is no experiment's: the planner's to check, here a document. */
  groups(id: string): Promise<unknown>
  /** The cells of a job in their order. */
  cells(jobId: string): Promise<Cell[]>
  /** The groups of a job that have not ended, and whether each is at work. */
  groupsLeft(jobId: string): Promise<GroupLeft[]>
  /** How many cells of a job are in each state. */
  countCells(jobId: string): Promise<Record<JobState, number>>
  /** Cells that were running when the project was last written to. */
  runningCells(): Promise<Cell[]>
  /** The cell to run next: of the job at work, else of the first in the order of the queue; none of what is paused. */
  nextCell(): Promise<Cell | undefined>
  /** Whether the whole queue is paused. */
  isQueuePaused(): Promise<boolean>
}

export type JobWriter = JobReader & {
  /** Adds a queued job with queued cells; its id. */
  add(job: NewJob): Promise<string>
  setState(id: string, state: JobState, error?: ErrorData): Promise<void>
  setPaused(id: string, isPaused: boolean): Promise<void>
  setQueuePaused(isPaused: boolean): Promise<void>
  /** Puts a queued job right before another queued one, or behind all where that is null. Throws `not-found`. */
  move(id: string, before: string | null): Promise<void>
  setCell(cell: Pick<Cell, 'id' | 'state' | 'attempts'>, error?: ErrorData): Promise<void>
  /** Takes a job and its cells out; what they made stays. */
  remove(id: string): Promise<void>
  /** Moves every cell of a job from one state to another, with no attempts and no error. */
  moveCells(jobId: string, from: JobState, to: JobState): Promise<void>
}

const jobColumns = 'id, title, kind, experiment_id, state, error, position, paused, created_at, ended_at'
const cellColumns = ['id', 'job_id', 'label', 'group_id', 'state', 'attempts', 'error']
  .map((column) => `cells.${column}`)
  .join(', ')

export function readJobs(connection: ReadConnection): JobReader {
  const readJob = (row: unknown): Job => readRow(jobRow, row, 'a job')
  const readCell = (row: unknown): Cell => readRow(cellRow, row, 'a part of a job')
  return {
    list: async () => (await connection.all(`SELECT ${jobColumns} FROM jobs ORDER BY sequence`)).map(readJob),
    async get(id) {
      const row = await connection.get(`SELECT ${jobColumns} FROM jobs WHERE id = ?`, [id])
      return row === undefined ? undefined : readJob(row)
    },
    async groups(id) {
      const row = await connection.get('SELECT work_groups FROM jobs WHERE id = ?', [id])
      return readRow(groupsRow, row, 'the groups of a job').work_groups
    },
    async cells(jobId) {
      const sql = `SELECT ${cellColumns} FROM cells WHERE job_id = ? ORDER BY position`
      return (await connection.all(sql, [jobId])).map(readCell)
    },
    async groupsLeft(jobId) {
      const sql = `SELECT group_id, state FROM cells WHERE job_id = ? AND state IN ('queued', 'running')`
      return (await connection.all(sql, [jobId])).map((row) => readRow(leftRow, row, 'a part of a job'))
    },
    async countCells(jobId) {
      const sql = 'SELECT state, count(*) AS count FROM cells WHERE job_id = ? GROUP BY state'
      const counts = { queued: 0, running: 0, finished: 0, failed: 0, cancelled: 0 }
      for (const row of await connection.all(sql, [jobId])) {
        const { state, count } = readRow(countRow, row, 'a count of the parts of a job')
        counts[state] = count
      }
      return counts
    },
    async runningCells() {
      return (await connection.all(`SELECT ${cellColumns} FROM cells WHERE state = 'running'`)).map(readCell)
    },
    async nextCell() {
      const row = await connection.get(
        `SELECT ${cellColumns}
         FROM jobs JOIN cells ON cells.job_id = jobs.id
         WHERE jobs.state IN ('queued', 'running') AND cells.state = 'queued' AND jobs.paused = 0
           AND NOT EXISTS (SELECT 1 FROM project WHERE queue_paused <> 0)
         ORDER BY jobs.state = 'running' DESC, jobs.position, cells.position LIMIT 1`
      )
      return row === undefined ? undefined : readCell(row)
    },
    async isQueuePaused() {
      const row = await connection.get('SELECT queue_paused FROM project')
      return readRow(queueRow, row, 'the state of the queue').queue_paused !== 0
    }
  }
}

function endedAt(state: JobState): number | null {
  return state === 'queued' || state === 'running' ? null : Date.now()
}

function toJson(error: ErrorData | undefined): string | null {
  return error === undefined ? null : JSON.stringify(checkRecord(errorDataSchema, error, 'error'))
}

export function writeJobs(connection: WriteConnection): JobWriter {
  return {
    ...readJobs(connection),
    async add({ title, kind, experimentId, groups, cells }) {
      const id = randomUUID()
      const { last } = lastRow.parse(
        await connection.get('SELECT coalesce(max(position), 0) AS last FROM jobs')
      )
      await insertRow(connection, 'jobs', {
        id,
        title,
        kind,
        experiment_id: experimentId,
        work_groups: groups === null ? null : compress(groups),
        state: 'queued',
        position: last + 1,
        created_at: Date.now()
      })
      for (const [position, { label, groupId }] of cells.entries()) {
        await insertRow(connection, 'cells', {
          id: randomUUID(),
          job_id: id,
          position,
          label,
          group_id: groupId,
          state: 'queued',
          attempts: 0
        })
      }
      return id
    },
    async setState(id, state, error) {
      await connection.run('UPDATE jobs SET state = ?, error = ?, ended_at = ? WHERE id = ?', [
        state,
        toJson(error),
        endedAt(state),
        id
      ])
    },
    async setPaused(id, isPaused) {
      await connection.run('UPDATE jobs SET paused = ? WHERE id = ?', [isPaused ? 1 : 0, id])
    },
    async setQueuePaused(isPaused) {
      await connection.run('UPDATE project SET queue_paused = ?', [isPaused ? 1 : 0])
    },
    async move(id, before) {
      const sql = `SELECT id, position FROM jobs WHERE state = 'queued' ORDER BY position`
      const waiting = (await connection.all(sql)).map((row) => readRow(waitingRow, row, 'a job'))
      const ids = waiting.map((job) => job.id)
      for (const wanted of before === null ? [id] : [id, before])
        requireFound(
          ids.find((one) => one === wanted),
          'waiting job',
          wanted
        )
      const moved = ids.filter((other) => other !== id)
      moved.splice(before === null ? moved.length : moved.indexOf(before), 0, id)
      // The places stay those of the jobs that wait: what runs or has ended keeps its own.
      for (const [index, { position }] of waiting.entries()) {
        const jobId = requireFound(moved[index], 'job', id)
        await connection.run('UPDATE jobs SET position = ? WHERE id = ?', [position, jobId])
      }
    },
    async setCell({ id, state, attempts }, error) {
      await connection.run('UPDATE cells SET state = ?, attempts = ?, error = ? WHERE id = ?', [
        state,
        attempts,
        toJson(error),
        id
      ])
    },
    async remove(id) {
      await connection.run('DELETE FROM jobs WHERE id = ?', [id])
    },
    async moveCells(jobId, from, to) {
      await connection.run(
        'UPDATE cells SET state = ?, attempts = 0, error = NULL WHERE job_id = ? AND state = ?',
        [to, jobId, from]
      )
    }
  }
}
