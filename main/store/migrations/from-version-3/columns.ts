/** The columns of version 3 that several of its tables share, and rows of the new table of runs. */
import { z } from 'zod'
import type { Scores } from '#engine/common/contract/evaluation.ts'
import { vectorPlaceSchema } from '#engine/common/contract/neighbours.ts'
import {
  type CurvePoint,
  conditionInputs,
  type KeptPrediction,
  modelIdentitySchema,
  type RunManifest,
  runInputs,
  type TuningRecord,
  weightsUnverified
} from '#engine/common/contract/runs.ts'
import { transferReportSchema } from '#engine/common/contract/transfer.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { compress, hashContent, insertRow, readRow } from '../../records/row.ts'

export const versionsSchema = z.record(z.string(), z.string())
export const deviceSchema = z.object({ asked: z.string(), used: z.string() })
export const taskSchema = z.object({ name: z.string(), sha256: z.string() })
export const fingerprintSchema = modelIdentitySchema.shape.fingerprint
/** Version 5 gives the upper bound its name. */
export const oldReportSchema = transferReportSchema.extend({
  vectors: z.array(
    vectorPlaceSchema.extend({
      matching: z.number(),
      perSource: z.array(z.number()),
      expressible: z.number()
    })
  )
})

/** The vectors of a template with its vectors written out: `[X] [V1] [V2] [MASK] .` has 2. */
export function templateLength(template: string): number {
  return template.split('[V').length - 1
}

/** What a tuning started from. */
export const tuningStartSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('random'), vectors: z.int() }),
  z.object({ kind: z.literal('manual') }),
  z.object({ kind: z.literal('prompt'), sha256: z.string() })
])

/** The ids that a query finds: rows are read one by one, as predictions of thousands would not fit into memory. */
export async function readIds(connection: WriteConnection, sql: string): Promise<string[]> {
  const rows = await connection.all(sql)
  return rows.map((row) => readRow(z.object({ id: z.string() }), row, 'an id').id)
}

export type MovedRun = {
  readonly id: string
  /** Instead of the hash of the manifest's inputs, for what names inputs that are not known any more. */
  readonly inputsHash?: string
  readonly cellId: string | null
  readonly promptId: string | null
  readonly name: string
  readonly manifest: RunManifest
  readonly matching: number | null
  /** As version 4 has it. */
  readonly report: object | null
  readonly notes: readonly string[]
  readonly lossCurve: Buffer | null
  readonly chosenStep: number | null
  readonly curve: readonly CurvePoint[]
  readonly evaluated: {
    readonly scores: Scores
    /** As they were stored, where their form is the same. */
    readonly predictions: Buffer | readonly KeptPrediction[]
    readonly seconds: number | null
  } | null
  readonly seconds: number
  readonly createdAt: number
}

type Tuned = Pick<RunManifest, 'target' | 'selection' | 'device' | 'versions' | 'relation'> & {
  readonly prompt: RunManifest['prompt']
  readonly length: number | null
  readonly tuning: TuningRecord
}

/** The manifest of a prompt tuned on its own model. */
export function tunedManifest({ tuning, ...tuned }: Tuned): RunManifest {
  return {
    ...tuned,
    method: { kind: 'direct-tuning' },
    sources: [],
    seed: tuning.seed,
    anchors: null,
    mask: null,
    centre: 'none',
    rescale: null,
    tuning,
    task: null,
    template: tuning.template,
    evaluation: null
  }
}

/** Writes a row of the new table. */
export async function insertRun(connection: WriteConnection, run: MovedRun): Promise<void> {
  const { manifest, evaluated } = run
  const predictions = evaluated?.predictions
  await insertRow(connection, 'new_runs', {
    id: run.id,
    inputs_hash: run.inputsHash ?? hashContent(runInputs(manifest)),
    planned_hash: null,
    condition_id: hashContent(conditionInputs(manifest)),
    unverified: weightsUnverified(manifest) ? 1 : 0,
    cell_id: run.cellId,
    prompt_id: run.promptId,
    name: run.name,
    manifest: JSON.stringify(manifest),
    matching: run.matching,
    report: run.report === null ? null : JSON.stringify(run.report),
    notes: JSON.stringify(run.notes),
    loss_curve: run.lossCurve,
    chosen_step: run.chosenStep,
    curve: JSON.stringify(run.curve),
    scores: evaluated === null ? null : JSON.stringify(evaluated.scores),
    predictions:
      predictions === undefined ? null : Buffer.isBuffer(predictions) ? predictions : compress(predictions),
    seconds: run.seconds,
    evaluation_seconds: evaluated?.seconds ?? null,
    archived: 0,
    created_at: run.createdAt
  })
}
