/** Between rows and records: every row is checked when it is read, every value before it is written. */
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { parseJson } from '#engine/common/files/json-text.ts'
import type { SqlValue, WriteConnection } from '../file/connection.ts'

/** A column that holds JSON of the given form. */
export function jsonColumn<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return parseJson(text, 'a column', 'not JSON')
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON, or nested too deeply' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** Bytes of a compressed column's text: a thousandth of that says what a run has, and a kilobyte could unpack to as much. */
const largestColumn = 2 ** 28

/** A column that holds compressed JSON of the given form. */
export function compressedColumn<S extends z.ZodType>(schema: S) {
  return z
    .instanceof(Buffer)
    .transform((blob, context): unknown => {
      try {
        const text = gunzipSync(blob, { maxOutputLength: largestColumn }).toString('utf8')
        return parseJson(text, 'a column', 'not JSON')
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON, nested too deeply, or too long' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** Plain data as compressed JSON. */
export function compress(value: unknown): Buffer {
  return gzipSync(JSON.stringify(value))
}

/** Float32 values as a blob, little endian as on every platform that onnxruntime runs on. */
export const float32Column = z
  .instanceof(Buffer)
  .transform((blob) => new Float32Array(new Uint8Array(blob).buffer, 0, Math.floor(blob.length / 4)))

export const float64Column = z
  .instanceof(Buffer)
  .transform((blob) => new Float64Array(new Uint8Array(blob).buffer, 0, Math.floor(blob.length / 8)))

export function toBlob(values: Float32Array | Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
}

/** SHA-256 in hexadecimal. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

/** SHA-256 of plain data: equal for equal content, whatever the order of its keys. */
export function hashContent(value: unknown): string {
  return sha256(JSON.stringify(sortKeys(value)))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}

/** Checks a row; `what` names it in the error. Throws `project-malformed`. */
export function readRow<S extends z.ZodType>(schema: S, row: unknown, what: string): z.output<S> {
  const checked = schema.safeParse(row)
  if (checked.success) return checked.data
  throw new AnchorageError('project-malformed', `The project holds ${what} that does not make sense.`, {
    where: what,
    found: describeIssues(checked.error),
    next: 'Restore a backup of the project; keep this file until then.'
  })
}

/** Checks a value before it is stored; `what` names it. Throws `bad-value`. */
export function checkRecord<S extends z.ZodType>(schema: S, value: z.input<S>, what: string): z.output<S> {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw new AnchorageError('bad-value', `The ${what} cannot be stored.`, {
    where: what,
    found: describeIssues(checked.error)
  })
}

/** The record that was asked for by id; throws `not-found`. */
export function requireFound<T>(record: T | undefined, what: string, id: string): T {
  if (record !== undefined) return record
  throw new AnchorageError('not-found', `The project has no such ${what}.`, {
    found: id,
    next: 'It may have been removed; look at the list again.'
  })
}

/** Inserts one row; the names of table and columns are ours, never a person's. */
export async function insertRow(
  connection: WriteConnection,
  table: string,
  row: Readonly<Record<string, SqlValue>>
): Promise<void> {
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  await connection.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, Object.values(row))
}

/** Changes columns of the row with this id; the names of table and columns are ours, never a person's. */
export async function updateRow(
  connection: WriteConnection,
  table: string,
  id: string,
  row: Readonly<Record<string, SqlValue>>
): Promise<void> {
  const assignments = Object.keys(row).map((column) => `${column} = ?`)
  await connection.run(`UPDATE ${table} SET ${assignments.join(', ')} WHERE id = ?`, [
    ...Object.values(row),
    id
  ])
}
