/** Models of a project: their fingerprints, where they were last, and what the engine said of them. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  type ModelReference,
  type ModelReport,
  modelReferenceSchema,
  modelReportSchema
} from '#engine/common/contract/models.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { checkRecord, insertRow, jsonColumn, readRow, updateRow } from './row.ts'
import { type TakenRows, takeRows } from './taken-rows.ts'

const modelRow = z
  .object({
    id: z.string(),
    reference: jsonColumn(modelReferenceSchema),
    report: jsonColumn(modelReportSchema),
    weights_fingerprint: z.string().nullable(),
    created_at: z.int()
  })
  .transform(({ weights_fingerprint, created_at, ...model }) => ({
    ...model,
    weights: weights_fingerprint,
    createdAt: created_at
  }))

/** A registered model; `reference.folder` is its last path, `weights` null until they are hashed. */
export type RegisteredModel = z.output<typeof modelRow>

export type ModelReader = {
  /** By name. */
  list(): Promise<RegisteredModel[]>
  get(id: string): Promise<RegisteredModel | undefined>
  /** Models of this table and tokenizer, those registered first before others. */
  alike(fingerprint: ModelReport['fingerprint']): Promise<RegisteredModel[]>
}

export type ModelWriter = ModelReader & {
  /** Adds the model; its id. @param weights left out until they are hashed */
  add(reference: ModelReference, report: ModelReport, weights?: string | null): Promise<string>
  /** Notes where the model is now and what the engine says of it there. */
  update(id: string, reference: ModelReference, report: ModelReport): Promise<void>
  setWeights(id: string, weights: string): Promise<void>
  /** Takes the model out of the project; runs keep what they say of it. */
  take(id: string): Promise<TakenRows>
}

const select = 'SELECT id, reference, report, weights_fingerprint, created_at FROM models'

export function readModels(connection: ReadConnection): ModelReader {
  const read = (row: unknown): RegisteredModel => readRow(modelRow, row, 'a model')
  return {
    list: async () => (await connection.all(`${select} ORDER BY name, id`)).map(read),
    async get(id) {
      const row = await connection.get(`${select} WHERE id = ?`, [id])
      return row === undefined ? undefined : read(row)
    },
    async alike({ table, tokenizer }) {
      const sql = `${select} WHERE table_fingerprint = ? AND tokenizer_fingerprint = ? ORDER BY created_at, rowid`
      return (await connection.all(sql, [table, tokenizer])).map(read)
    }
  }
}

/** The columns that follow from where a model is and what it is. */
function columns(reference: ModelReference, report: ModelReport) {
  const checked = checkRecord(modelReportSchema, report, 'model')
  return {
    table_fingerprint: checked.fingerprint.table,
    tokenizer_fingerprint: checked.fingerprint.tokenizer,
    name: checked.name,
    family: checked.family,
    width: checked.width,
    reference: JSON.stringify(checkRecord(modelReferenceSchema, reference, 'path of the model')),
    report: JSON.stringify(checked)
  }
}

export function writeModels(connection: WriteConnection): ModelWriter {
  return {
    ...readModels(connection),
    async add(reference, report, weights = null) {
      const id = randomUUID()
      const row = { id, ...columns(reference, report), weights_fingerprint: weights, created_at: Date.now() }
      await insertRow(connection, 'models', row)
      return id
    },
    async update(id, reference, report) {
      await updateRow(connection, 'models', id, columns(reference, report))
    },
    async setWeights(id, weights) {
      await updateRow(connection, 'models', id, { weights_fingerprint: weights })
    },
    take: (id) => takeRows(connection, 'models', 'id', id)
  }
}
