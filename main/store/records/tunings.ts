/** Tunings: how a prompt was tuned in this project, with its curves. The prompt itself is among the prompts. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  tuningResultSchema,
  tuningSettingsSchema,
  type Validation,
  validationSchema
} from '#engine/common/contract/tuning.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { modelIdentitySchema } from './manifest.ts'
import { checkRecord, float64Column, insertRow, jsonColumn, readRow, toBlob } from './row.ts'

/** Everything that made a tuned prompt. */
export const tuningManifestSchema = z.object({
  model: modelIdentitySchema,
  /** SHA-256 of the task's content. */
  task: z.object({ name: z.string(), sha256: z.string() }),
  start: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('random'), vectors: z.int().positive() }),
    z.object({ kind: z.literal('manual') }),
    z.object({ kind: z.literal('prompt'), sha256: z.string() })
  ]),
  template: z.string(),
  settings: tuningSettingsSchema,
  seed: z.int(),
  selection: tuningResultSchema.shape.selection,
  ended: tuningResultSchema.shape.ended,
  examples: tuningResultSchema.shape.examples,
  device: z.object({ asked: z.string(), used: z.string() }),
  versions: z.record(z.string(), z.string())
})
export type TuningManifest = z.infer<typeof tuningManifestSchema>

const tuningRow = z
  .object({
    id: z.string(),
    manifest: jsonColumn(tuningManifestSchema),
    loss_curve: float64Column,
    validations: jsonColumn(z.array(validationSchema)),
    chosen_step: z.int(),
    seconds: z.number(),
    created_at: z.int()
  })
  .transform(({ loss_curve, chosen_step, created_at, ...tuning }) => ({
    ...tuning,
    /** The training loss of every step. */
    loss: loss_curve,
    chosenStep: chosen_step,
    createdAt: created_at
  }))
export type StoredTuning = z.output<typeof tuningRow>

export type NewTuning = {
  cellId: string | null
  manifest: TuningManifest
  loss: Float64Array
  validations: readonly Validation[]
  chosenStep: number
  seconds: number
}

export type TuningReader = { get(id: string): Promise<StoredTuning | undefined> }

export type TuningWriter = TuningReader & {
  /** Adds the tuning; its id. */
  add(tuning: NewTuning): Promise<string>
}

export function readTunings(connection: ReadConnection): TuningReader {
  return {
    async get(id) {
      const row = await connection.get(
        'SELECT id, manifest, loss_curve, validations, chosen_step, seconds, created_at FROM tunings WHERE id = ?',
        [id]
      )
      return row === undefined ? undefined : readRow(tuningRow, row, 'a tuning')
    }
  }
}

export function writeTunings(connection: WriteConnection): TuningWriter {
  return {
    ...readTunings(connection),
    async add({ cellId, manifest, loss, validations, chosenStep, seconds }) {
      const id = randomUUID()
      await insertRow(connection, 'tunings', {
        id,
        cell_id: cellId,
        manifest: JSON.stringify(checkRecord(tuningManifestSchema, manifest, 'manifest of a tuning')),
        loss_curve: toBlob(loss),
        validations: JSON.stringify(validations),
        chosen_step: chosenStep,
        seconds,
        created_at: Date.now()
      })
      return id
    }
  }
}
