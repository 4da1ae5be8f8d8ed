/** Runs: what was computed, with the manifest that says how, and the report. Lists come by the page. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { scoresSchema } from '#engine/common/contract/evaluation.ts'
import { type TransferReport, transferReportSchema } from '#engine/common/contract/transfer.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { hashManifest, type Manifest, manifestSchema } from './manifest.ts'
import { checkRecord, float64Column, insertRow, jsonColumn, readRow, toBlob } from './row.ts'

/** Columns that a list can be sorted by; each has an index. */
const sortColumns = {
  createdAt: 'created_at',
  name: 'name',
  meanMatching: 'mean_matching',
  seconds: 'seconds'
} as const

export type RunPage = {
  sort: keyof typeof sortColumns
  descending: boolean
  offset: number
  limit: number
}

const summaryFields = {
  id: z.string(),
  name: z.string(),
  mean_matching: z.number(),
  seconds: z.number(),
  created_at: z.int(),
  prompt_id: z.string().nullable()
}

const summaryRow = z.object(summaryFields).transform((row) => ({
  id: row.id,
  name: row.name,
  meanMatching: row.mean_matching,
  seconds: row.seconds,
  createdAt: row.created_at,
  promptId: row.prompt_id
}))
export type RunSummary = z.output<typeof summaryRow>

const runRow = z
  .object({
    ...summaryFields,
    cell_id: z.string().nullable(),
    manifest: jsonColumn(manifestSchema),
    manifest_hash: z.string(),
    report: jsonColumn(transferReportSchema),
    loss_curve: float64Column.nullable(),
    chosen_step: z.int().nullable()
  })
  .transform((row) => ({
    id: row.id,
    cellId: row.cell_id,
    name: row.name,
    manifest: row.manifest,
    manifestHash: row.manifest_hash,
    report: row.report,
    /** Adam only: the loss before each step, and the step chosen. */
    search:
      row.loss_curve === null || row.chosen_step === null
        ? null
        : { loss: row.loss_curve, chosenStep: row.chosen_step },
    seconds: row.seconds,
    createdAt: row.created_at,
    promptId: row.prompt_id
  }))
export type StoredRun = z.output<typeof runRow>

const overviewRow = z
  .object({
    ...summaryFields,
    job_id: z.string().nullable(),
    vector_count: z.int().nullable(),
    manifest: jsonColumn(manifestSchema),
    evaluation_id: z.string().nullable(),
    scores: jsonColumn(scoresSchema).nullable(),
    tags: jsonColumn(z.array(z.string()))
  })
  .transform((row) => ({
    id: row.id,
    name: row.name,
    jobId: row.job_id,
    promptId: row.prompt_id,
    /** `m` of the prompt it made. */
    vectorCount: row.vector_count,
    manifest: row.manifest,
    meanMatching: row.mean_matching,
    /** The newest evaluation of the prompt. */
    evaluation:
      row.evaluation_id === null || row.scores === null
        ? null
        : { id: row.evaluation_id, scores: row.scores },
    tags: row.tags,
    seconds: row.seconds,
    createdAt: row.created_at
  }))
/** A run in the table of all runs. */
export type RunOverview = z.output<typeof overviewRow>

export type NewRun = {
  /** The cell that made it; a cell has one run at most. */
  cellId: string | null
  name: string
  manifest: Manifest
  report: TransferReport
  search: StoredRun['search']
  seconds: number
}

export type RunReader = {
  count(): Promise<number>
  page(page: RunPage): Promise<RunSummary[]>
  /** Every run with what tables show of it, newest first. */
  overview(): Promise<RunOverview[]>
  get(id: string): Promise<StoredRun | undefined>
  /** The runs of a job in the order of its cells. */
  byJob(jobId: string): Promise<RunSummary[]>
}

export type RunWriter = RunReader & {
  /** Adds the run; its id. */
  add(run: NewRun): Promise<string>
  /** Puts a tag on a run, or takes it off. */
  tag(id: string, tag: string, on: boolean): Promise<void>
}

const summaryColumns =
  'runs.id, runs.name, runs.mean_matching, runs.seconds, runs.created_at, prompts.id AS prompt_id'
const runColumns = `${summaryColumns}, runs.cell_id, runs.manifest, runs.manifest_hash, runs.report,
  runs.loss_curve, runs.chosen_step`
const from = 'FROM runs LEFT JOIN prompts ON prompts.run_id = runs.id'

const overviewSql = `
  SELECT ${summaryColumns}, runs.manifest, cells.job_id, prompts.vector_count,
    evaluations.id AS evaluation_id, evaluations.scores,
    (SELECT json_group_array(tag) FROM run_tags WHERE run_tags.run_id = runs.id) AS tags
  ${from}
  LEFT JOIN cells ON cells.id = runs.cell_id
  LEFT JOIN evaluations ON evaluations.id = (
    SELECT id FROM evaluations WHERE prompt_id = prompts.id ORDER BY created_at DESC, id LIMIT 1)
  ORDER BY runs.created_at DESC, runs.id`

/** The query of one page, for parameters `[limit, offset]`; equal values are ordered by id. */
export function runPageSql(sort: RunPage['sort'], descending: boolean): string {
  const direction = descending ? 'DESC' : 'ASC'
  const order = `runs.${sortColumns[sort]} ${direction}, runs.id ${direction}`
  return `SELECT ${summaryColumns} ${from} ORDER BY ${order} LIMIT ? OFFSET ?`
}

export function readRuns(connection: ReadConnection): RunReader {
  const readSummary = (row: unknown): RunSummary => readRow(summaryRow, row, 'a run')
  return {
    async count() {
      const row = await connection.get('SELECT count(*) AS count FROM runs')
      return readRow(z.object({ count: z.int() }), row, 'a count of runs').count
    },
    async page({ sort, descending, limit, offset }) {
      return (await connection.all(runPageSql(sort, descending), [limit, offset])).map(readSummary)
    },
    async overview() {
      return (await connection.all(overviewSql)).map((row) => readRow(overviewRow, row, 'a run'))
    },
    async get(id) {
      const row = await connection.get(`SELECT ${runColumns} ${from} WHERE runs.id = ?`, [id])
      return row === undefined ? undefined : readRow(runRow, row, 'a run')
    },
    async byJob(jobId) {
      const rows = await connection.all(
        `SELECT ${summaryColumns} ${from} JOIN cells ON cells.id = runs.cell_id
         WHERE cells.job_id = ? ORDER BY cells.position`,
        [jobId]
      )
      return rows.map(readSummary)
    }
  }
}

export function writeRuns(connection: WriteConnection): RunWriter {
  return {
    ...readRuns(connection),
    async add(run) {
      const id = randomUUID()
      const manifest = checkRecord(manifestSchema, run.manifest, 'manifest')
      const report = checkRecord(transferReportSchema, run.report, 'report')
      await insertRow(connection, 'runs', {
        id,
        cell_id: run.cellId,
        name: run.name,
        manifest: JSON.stringify(manifest),
        manifest_hash: hashManifest(manifest),
        mean_matching: report.meanMatching,
        report: JSON.stringify(report),
        loss_curve: run.search === null ? null : toBlob(run.search.loss),
        chosen_step: run.search === null ? null : run.search.chosenStep,
        seconds: run.seconds,
        created_at: Date.now()
      })
      return id
    },
    async tag(id, tag, on) {
      const sql = on
        ? 'INSERT OR IGNORE INTO run_tags (run_id, tag) VALUES (?, ?)'
        : 'DELETE FROM run_tags WHERE run_id = ? AND tag = ?'
      await connection.run(sql, [id, checkRecord(z.string().trim().min(1), tag, 'tag')])
    }
  }
}
