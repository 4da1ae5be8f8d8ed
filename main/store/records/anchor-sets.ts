/** Named anchor sets: the ordered list, how it was made, and its audit. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  type AnchorSet,
  anchorAuditSchema,
  anchorRecipeSchema,
  anchorSchema,
  anchorSetSchema
} from '#engine/common/contract/anchors.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { checkRecord, insertRow, jsonColumn, readRow } from './row.ts'
import { type TakenRows, takeRows } from './taken-rows.ts'

const summaryRow = z
  .object({ id: z.string(), name: z.string(), hash: z.string(), count: z.int(), created_at: z.int() })
  .transform(({ created_at, ...set }) => ({ ...set, createdAt: created_at }))
export type AnchorSetSummary = z.output<typeof summaryRow>

const setRow = z
  .object({
    id: z.string(),
    name: z.string(),
    hash: z.string(),
    anchors: jsonColumn(z.array(anchorSchema)),
    recipe: jsonColumn(anchorRecipeSchema).nullable(),
    audit: jsonColumn(anchorAuditSchema).nullable()
  })
  .transform(({ id, ...set }) => ({ id, set }))
export type StoredAnchorSet = { id: string; set: AnchorSet }

export type AnchorSetReader = {
  /** By name, without the lists. */
  list(): Promise<AnchorSetSummary[]>
  get(id: string): Promise<StoredAnchorSet | undefined>
  byName(name: string): Promise<StoredAnchorSet | undefined>
  byHash(hash: string): Promise<StoredAnchorSet | undefined>
}

export type AnchorSetWriter = AnchorSetReader & {
  /** Adds the set, whose name must be new; its id. */
  add(set: AnchorSet): Promise<string>
  /** Takes the set out of the project; runs keep what they say of it. */
  take(id: string): Promise<TakenRows>
}

export function readAnchorSets(connection: ReadConnection): AnchorSetReader {
  const find = async (where: string, value: string): Promise<StoredAnchorSet | undefined> => {
    const row = await connection.get(
      `SELECT id, name, hash, anchors, recipe, audit FROM anchor_sets WHERE ${where} = ? ORDER BY created_at`,
      [value]
    )
    return row === undefined ? undefined : readRow(setRow, row, 'an anchor set')
  }
  return {
    async list() {
      const rows = await connection.all(
        'SELECT id, name, hash, count, created_at FROM anchor_sets ORDER BY name'
      )
      return rows.map((row) => readRow(summaryRow, row, 'an anchor set'))
    },
    get: (id) => find('id', id),
    byName: (name) => find('name', name),
    byHash: (hash) => find('hash', hash)
  }
}

export function writeAnchorSets(connection: WriteConnection): AnchorSetWriter {
  return {
    ...readAnchorSets(connection),
    async add(given) {
      const set = checkRecord(anchorSetSchema, given, 'anchor set')
      const id = randomUUID()
      await insertRow(connection, 'anchor_sets', {
        id,
        name: set.name,
        hash: set.hash,
        count: set.anchors.length,
        anchors: JSON.stringify(set.anchors),
        recipe: set.recipe === null ? null : JSON.stringify(set.recipe),
        audit: set.audit === null ? null : JSON.stringify(set.audit),
        created_at: Date.now()
      })
      return id
    },
    take: (id) => takeRows(connection, 'anchor_sets', 'id', id)
  }
}
