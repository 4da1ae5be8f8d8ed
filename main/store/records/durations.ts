/** How long the work of a project took so far: what later work is estimated by. */
import { z } from 'zod'
import type { ReadConnection } from '../file/connection.ts'
import { readRow } from './row.ts'

const transferRow = z.object({
  method: z.string(),
  runs: z.int(),
  /** Steps of all searches together, and epochs; what has neither counts as one. */
  steps: z.int(),
  seconds: z.number()
})
/** Of all runs that one method transferred. */
export type TransferDuration = z.output<typeof transferRow>

const evaluationRow = z.object({ examples: z.int(), seconds: z.number() })
export type EvaluationDuration = z.output<typeof evaluationRow>

export type DurationReader = {
  transfers(): Promise<TransferDuration[]>
  /** Of all evaluations together. */
  evaluations(): Promise<EvaluationDuration>
}

export function readDurations(connection: ReadConnection): DurationReader {
  return {
    async transfers() {
      const rows = await connection.all(
        `SELECT manifest ->> '$.method.kind' AS method, count(*) AS runs, sum(seconds) AS seconds,
           sum(coalesce(manifest ->> '$.method.steps', manifest ->> '$.method.epochs', 1)) AS steps
         FROM runs WHERE json_array_length(manifest, '$.sources') > 0 GROUP BY method ORDER BY method`
      )
      return rows.map((row) => readRow(transferRow, row, 'the duration of runs'))
    },
    async evaluations() {
      const row = await connection.get(
        `SELECT coalesce(sum(scores ->> '$.examples'), 0) AS examples,
           coalesce(sum(evaluation_seconds), 0.0) AS seconds
         FROM runs WHERE scores IS NOT NULL AND evaluation_seconds IS NOT NULL`
      )
      return readRow(evaluationRow, row, 'the duration of evaluations')
    }
  }
}
