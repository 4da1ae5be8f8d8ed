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
    created_at: z.int()
  })
  .transform(({ created_at, ...model }) => ({ ...model, createdAt: created_at }))

/** A registered model; `reference.folder` is its last path. */
export type RegisteredModel = z.output<typeof modelRow>

export type ModelReader = {
  /** By name. */
  list(): Promise<RegisteredModel[]>
  get(id: string): Promise<RegisteredModel | undefined>
  byFingerprint(fingerprint: ModelReport['fingerprint']): Promise<RegisteredModel | undefined>
}

export type ModelWriter = ModelReader & {
  /** Adds the model; its id. */
  add(reference: ModelReference, report: ModelReport): Promise<string>
  /** Notes where the model is now and what the engine says of it there. */
  update(id: string, reference: ModelReference, report: ModelReport): Promise<void>
  /** Takes the model out of the project; runs keep what they say of it. */
  take(id: string): Promise<TakenRows>
}

const select = 'SELECT id, reference, report, created_at FROM models'

export function readModels(connection: ReadConnection): ModelReader {
  const read = (row: unknown): RegisteredModel => readRow(modelRow, row, 'a model')
  const find = async (where: string, values: string[]): Promise<RegisteredModel | undefined> => {
    const row = await connection.get(`${select} WHERE ${where}`, values)
    return row === undefined ? undefined : read(row)
  }
  return {
    list: async () => (await connection.all(`${select} ORDER BY name, id`)).map(read),
    get: (id) => find('id = ?', [id]),
    byFingerprint: ({ table, tokenizer }) =>
      find('table_fingerprint = ? AND tokenizer_fingerprint = ?', [table, tokenizer])
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
    async add(reference, report) {
      const id = randomUUID()
      await insertRow(connection, 'models', { id, ...columns(reference, report), created_at: Date.now() })
      return id
    },
    async update(id, reference, report) {
      await updateRow(connection, 'models', id, columns(reference, report))
    },
    take: (id) => takeRows(connection, 'models', 'id', id)
  }
}
