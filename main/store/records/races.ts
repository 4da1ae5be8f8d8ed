/** Races for the best set of sources: what each found, which conditions it chose, and the predictions that it paid for. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type LabelledPrediction, predictionSchema } from '#engine/common/contract/evaluation.ts'
import { type RaceRecord, raceRecordSchema } from '#engine/common/contract/races.ts'
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
import { type TakenRows, takeRows } from './taken-rows.ts'

const raceRow = z
  .object({ id: z.string(), record: jsonColumn(raceRecordSchema), created_at: z.int() })
  .transform(({ id, record, created_at }) => ({ id, ...record, createdAt: created_at }))
type StoredRace = z.output<typeof raceRow>

const partialRow = z.object({ predictions: compressedColumn(z.array(predictionSchema)) })

export type RaceReader = {
  /** Newest first. */
  list(): Promise<StoredRace[]>
  /** What is known of a run that is not whole, by the hash of its inputs. */
  partial(inputsHash: string): Promise<LabelledPrediction[]>
}

export type RaceWriter = RaceReader & {
  /** Keeps a race with the ids of the conditions that it chose, one per task; its id. */
  add(record: RaceRecord, chosenConditions: readonly string[]): Promise<string>
  /** Takes a race out, with the marks of what it chose. Throws `not-found`. */
  take(id: string): Promise<TakenRows>
  /** Keeps what is known of a run in place of what was; nothing where it is whole by now. */
  keepPartial(inputsHash: string, predictions: readonly LabelledPrediction[]): Promise<void>
}

export function readRaces(connection: ReadConnection): RaceReader {
  return {
    async list() {
      const rows = await connection.all(
        'SELECT id, record, created_at FROM races ORDER BY created_at DESC, rowid DESC'
      )
      return rows.map((row) => readRow(raceRow, row, 'a race'))
    },
    async partial(inputsHash) {
      const row = await connection.get('SELECT predictions FROM partial_predictions WHERE inputs_hash = ?', [
        inputsHash
      ])
      return row === undefined ? [] : readRow(partialRow, row, 'predictions').predictions
    }
  }
}

export function writeRaces(connection: WriteConnection): RaceWriter {
  return {
    ...readRaces(connection),
    async add(record, chosenConditions) {
      const id = randomUUID()
      await insertRow(connection, 'races', {
        id,
        record: JSON.stringify(checkRecord(raceRecordSchema, record, 'race')),
        created_at: Date.now()
      })
      for (const condition_id of new Set(chosenConditions))
        await insertRow(connection, 'chosen_conditions', { condition_id, race_id: id })
      return id
    },
    async take(id) {
      const marks = await takeRows(connection, 'chosen_conditions', 'race_id', id)
      const taken = await takeRows(connection, 'races', 'id', id)
      requireFound(taken[0], 'race', id)
      return [...taken, ...marks]
    },
    async keepPartial(inputsHash, predictions) {
      await connection.run('DELETE FROM partial_predictions WHERE inputs_hash = ?', [inputsHash])
      if (predictions.length === 0) return
      const row = { inputs_hash: inputsHash, predictions: compress(predictions) }
      await insertRow(connection, 'partial_predictions', row)
    }
  }
}
