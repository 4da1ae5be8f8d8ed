/**
 * Runs: everything that was computed, with the manifest that says how. A run is known by its inputs: stored again, it
 * takes the place of the one before. Lists come by the page.
 */
import { z } from 'zod'
import { type Scores, scoresSchema } from '#engine/common/contract/evaluation.ts'
import {
  type CurvePoint,
  conditionInputs,
  type KeptPrediction,
  type RunManifest,
  runInputs,
  runManifestSchema,
  searchInputs,
  weightsUnverified
} from '#engine/common/contract/runs.ts'
import { type TransferReport, transferReportSchema } from '#engine/common/contract/transfer.ts'
import type { ReadConnection, SqlValue, WriteConnection } from '../file/connection.ts'
import {
  checkRecord,
  compress,
  hashContent,
  insertRow,
  jsonColumn,
  readRow,
  requireFound,
  toBlob,
  updateRow
} from './row.ts'
import {
  chosenOnSql,
  outcomesRow,
  overviewRow,
  predictionsRow,
  type RunOverview,
  type RunSummary,
  runColumns,
  runRow,
  type StoredRun,
  summaryColumns,
  summaryRow
} from './run-rows.ts'
import { type TakenRows, takeRows } from './taken-rows.ts'
import { type Verification, verifyWeights } from './verify-weights.ts'

export type { RunOverview, RunSummary, StoredRun }

/** Columns that a list can be sorted by; each has an index. */
const sortColumns = {
  createdAt: 'created_at',
  name: 'name',
  matching: 'matching',
  seconds: 'seconds'
} as const

export type RunPage = {
  sort: keyof typeof sortColumns
  descending: boolean
  offset: number
  limit: number
}

export type NewRun = {
  /** The cell that computed it. */
  readonly cellId: string | null
  readonly name: string
  readonly manifest: RunManifest
  readonly promptId: string | null
  readonly matching: number | null
  readonly report: TransferReport | null
  readonly notes: readonly string[]
  readonly loss: Float64Array | null
  readonly chosenStep: number | null
  readonly curve: readonly CurvePoint[]
  /** Null: not evaluated. */
  readonly scores: Scores | null
  readonly predictions: readonly KeptPrediction[] | null
  /** Of finding the prompt. */
  readonly seconds: number
  readonly evaluationSeconds: number | null
  /** What a plan knows it by that was made before the weights of its models were hashed. */
  readonly plannedHash?: string
}

export type RunReader = {
  count(): Promise<number>
  /** Results of which it is not known with which weights they were computed. */
  countUnverified(): Promise<number>
  page(page: RunPage): Promise<RunSummary[]>
  /** Every run with what tables show of it, newest first. */
  overview(): Promise<RunOverview[]>
  get(id: string): Promise<StoredRun | undefined>
  /** The run of these inputs, by their hash, or the one that it had in a plan of before; of several the one stored first. */
  byInputs(hash: string): Promise<StoredRun | undefined>
  /** The hashes of the inputs of all runs, and those that plans of before know them by. */
  inputHashes(): Promise<Set<string>>
  /** The predictions of a run; undefined where there is no such run, null where it is not evaluated. */
  predictions(id: string): Promise<KeptPrediction[] | null | undefined>
  /** Of runs by their ids, in that order, the examples and the ranks of their labels; none of one that is not evaluated. Throws `not-found`. */
  outcomes(ids: readonly string[]): Promise<RunOutcomes[]>
  /** The runs of a job in the order of its cells. */
  byJob(jobId: string): Promise<RunSummary[]>
}

export type RunOutcomes = {
  readonly id: string
  readonly predictions: readonly Pick<KeptPrediction, 'example' | 'rank'>[]
}

/** Runs that are asked for in one query. */
const runsAtOnce = 500

export type RunWriter = RunReader & {
  /** Stores the run; its id. An unevaluated one of the same condition becomes this one. */
  put(run: NewRun): Promise<string>
  /** Ties runs of older versions to the weights of their model; how many. */
  verifyWeights(verification: Verification): Promise<number>
  /** Says which prompt of the project the run found or evaluated. */
  linkPrompt(id: string, promptId: string): Promise<void>
  /** Puts a tag on a run, or takes it off. Throws `not-found`. */
  tag(id: string, tag: string, on: boolean): Promise<void>
  rename(id: string, name: string): Promise<void>
  /** Out of sight, or back. */
  archive(id: string, archived: boolean): Promise<void>
  /** Takes the run out of the project, with its notes and tags; its prompt stays. Throws `not-found`. */
  take(id: string): Promise<TakenRows>
}

const overviewSql = `
  SELECT ${summaryColumns}, runs.condition_id, runs.manifest, runs.scores, runs.archived, cells.job_id, ${chosenOnSql},
    (SELECT json_group_array(tag) FROM run_tags WHERE run_tags.run_id = runs.id) AS tags
  FROM runs LEFT JOIN cells ON cells.id = runs.cell_id
  ORDER BY runs.created_at DESC, runs.id`

/** The query of one page, for parameters `[limit, offset]`; equal values are ordered by id. */
export function runPageSql(sort: RunPage['sort'], descending: boolean): string {
  const direction = descending ? 'DESC' : 'ASC'
  const order = `runs.${sortColumns[sort]} ${direction}, runs.id ${direction}`
  return `SELECT ${summaryColumns} FROM runs ORDER BY ${order} LIMIT ? OFFSET ?`
}

export function readRuns(connection: ReadConnection): RunReader {
  const readSummary = (row: unknown): RunSummary => readRow(summaryRow, row, 'a run')
  const find = async (condition: string, ...values: string[]): Promise<StoredRun | undefined> => {
    const sql = `SELECT ${runColumns} FROM runs WHERE ${condition} ORDER BY rowid LIMIT 1`
    const row = await connection.get(sql, values)
    return row === undefined ? undefined : readRow(runRow, row, 'a run')
  }
  const count = async (where: string): Promise<number> => {
    const row = await connection.get(`SELECT count(*) AS count FROM runs ${where}`)
    return readRow(z.object({ count: z.int() }), row, 'a count of runs').count
  }
  return {
    count: () => count(''),
    countUnverified: () => count('WHERE unverified = 1'),
    async page({ sort, descending, limit, offset }) {
      return (await connection.all(runPageSql(sort, descending), [limit, offset])).map(readSummary)
    },
    async overview() {
      return (await connection.all(overviewSql)).map((row) => readRow(overviewRow, row, 'a run'))
    },
    get: (id) => find('id = ?', id),
    byInputs: (hash) => find('inputs_hash = ? OR planned_hash = ?', hash, hash),
    async inputHashes() {
      const rows = await connection.all(
        'SELECT inputs_hash AS hash FROM runs UNION SELECT planned_hash FROM runs WHERE planned_hash IS NOT NULL'
      )
      return new Set(rows.map((row) => readRow(z.object({ hash: z.string() }), row, 'a run').hash))
    },
    async predictions(id) {
      const row = await connection.get('SELECT predictions FROM runs WHERE id = ?', [id])
      return row === undefined ? undefined : readRow(predictionsRow, row, 'predictions').predictions
    },
    async outcomes(ids) {
      const found = new Map<string, RunOutcomes>()
      for (let start = 0; start < ids.length; start += runsAtOnce) {
        const some = ids.slice(start, start + runsAtOnce)
        const sql = `SELECT id, predictions FROM runs WHERE id IN (${some.map(() => '?').join(', ')})`
        for (const row of await connection.all(sql, some)) {
          const { id, predictions } = readRow(outcomesRow, row, 'predictions')
          found.set(id, { id, predictions: predictions ?? [] })
        }
      }
      return ids.map((id) => requireFound(found.get(id), 'run', id))
    },
    async byJob(jobId) {
      const rows = await connection.all(
        `SELECT ${summaryColumns} FROM runs JOIN cells ON cells.id = runs.cell_id
         WHERE cells.job_id = ? ORDER BY cells.position, runs.rowid`,
        [jobId]
      )
      return rows.map(readSummary)
    }
  }
}

/** Figures of a prediction come from float32: more digits than it holds would be noise, and half of a project. */
function short(value: number): number {
  return Number(value.toPrecision(7))
}

function shortened({ loss, top, ...prediction }: KeptPrediction): KeptPrediction {
  return {
    ...prediction,
    loss: short(loss),
    top: top.map(({ word, probability }) => ({
      word,
      probability: probability === null ? null : short(probability)
    }))
  }
}

/** The columns that hold what a run came to. */
function columns(run: NewRun, manifest: RunManifest) {
  const { cellId, name, promptId, report, scores, predictions, plannedHash = null } = run
  const hash = hashContent(runInputs(manifest))
  return {
    inputs_hash: hash,
    planned_hash: plannedHash === hash ? null : plannedHash,
    condition_id: hashContent(conditionInputs(manifest)),
    unverified: weightsUnverified(manifest) ? 1 : 0,
    cell_id: cellId,
    prompt_id: promptId,
    name,
    manifest: JSON.stringify(manifest),
    matching: run.matching,
    report: report === null ? null : JSON.stringify(checkRecord(transferReportSchema, report, 'report')),
    notes: JSON.stringify(run.notes),
    loss_curve: run.loss === null ? null : toBlob(run.loss),
    chosen_step: run.chosenStep,
    curve: JSON.stringify(run.curve),
    scores: scores === null ? null : JSON.stringify(checkRecord(scoresSchema, scores, 'scores')),
    predictions: predictions === null ? null : compress(predictions.map(shortened)),
    seconds: run.seconds,
    evaluation_seconds: run.evaluationSeconds
  } satisfies Record<string, SqlValue>
}

const knownRow = z.object({
  id: z.string(),
  planned_hash: z.string().nullable(),
  manifest: jsonColumn(runManifestSchema),
  was_found: z.int()
})

/** What an evaluation adds to a run; the rest says how its prompt was found. */
function evaluatedColumns(row: ReturnType<typeof columns>) {
  const { prompt_id, matching, report, notes, loss_curve, chosen_step, curve, seconds, ...evaluated } = row
  return evaluated
}

export function writeRuns(connection: WriteConnection): RunWriter {
  const reader = readRuns(connection)
  /** The run of the same inputs, else an unevaluated one whose prompt was found in the same way. */
  const findKnown = async (inputs: string, search: string) => {
    const row = await connection.get(
      `SELECT id, planned_hash, manifest,
         report IS NOT NULL OR loss_curve IS NOT NULL OR manifest ->> '$.tuning' IS NOT NULL AS was_found
       FROM runs
       WHERE inputs_hash = ? OR (condition_id = ? AND scores IS NULL) ORDER BY inputs_hash = ? DESC LIMIT 1`,
      [inputs, search, inputs]
    )
    return row === undefined ? undefined : readRow(knownRow, row, 'a run')
  }
  const requireRun = async (id: string): Promise<void> => {
    requireFound(await connection.get('SELECT id FROM runs WHERE id = ?', [id]), 'run', id)
  }
  return {
    ...reader,
    async put(run) {
      const manifest = checkRecord(runManifestSchema, run.manifest, 'manifest')
      const row = columns(run, manifest)
      const known = await findKnown(row.inputs_hash, hashContent(searchInputs(manifest)))
      if (known === undefined) {
        const id = row.inputs_hash
        await insertRow(connection, 'runs', { id, ...row, archived: 0, created_at: Date.now() })
        return id
      }
      // An evaluation that found nothing itself completes the run, whose prompt was found as it says.
      const completes = known.was_found === 1 && run.report === null && run.loss === null
      const { target, task, template, evaluation } = manifest
      const relation = known.manifest.relation ?? manifest.relation
      const whole = { ...known.manifest, target, task, relation, template, evaluation }
      const changed = completes ? evaluatedColumns(columns(run, whole)) : row
      const planned_hash = changed.planned_hash ?? known.planned_hash
      await updateRow(connection, 'runs', known.id, { ...changed, planned_hash })
      return known.id
    },
    verifyWeights: (verification) => verifyWeights(connection, verification),
    async linkPrompt(id, promptId) {
      await connection.run('UPDATE runs SET prompt_id = ? WHERE id = ?', [promptId, id])
    },
    async tag(id, tag, on) {
      await requireRun(id)
      const sql = on
        ? 'INSERT OR IGNORE INTO run_tags (run_id, tag) VALUES (?, ?)'
        : 'DELETE FROM run_tags WHERE run_id = ? AND tag = ?'
      await connection.run(sql, [id, checkRecord(z.string().trim().min(1), tag, 'tag')])
    },
    async rename(id, name) {
      await requireRun(id)
      await connection.run('UPDATE runs SET name = ? WHERE id = ?', [
        checkRecord(z.string().trim().min(1), name, 'name'),
        id
      ])
    },
    async archive(id, archived) {
      await requireRun(id)
      await connection.run('UPDATE runs SET archived = ? WHERE id = ?', [archived ? 1 : 0, id])
    },
    async take(id) {
      await requireRun(id)
      const notes = await takeRows(connection, 'notes', 'run_id', id)
      const tags = await takeRows(connection, 'run_tags', 'run_id', id)
      return [...(await takeRows(connection, 'runs', 'id', id)), ...notes, ...tags]
    }
  }
}
