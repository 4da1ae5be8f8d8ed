/** What the window was showing, kept with the project so that a picture is found again as it was left. */
import { z } from 'zod'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { jsonColumn, readRow } from './row.ts'

const viewRow = z.object({ name: z.string(), state: jsonColumn(z.json()) })
/** State of the window's own making, as JSON. */
export type ViewState = z.infer<ReturnType<typeof z.json>>

export type ViewReader = {
  /** Every view by its name. */
  all(): Promise<Record<string, ViewState>>
}

export type ViewWriter = ViewReader & { set(name: string, state: ViewState): Promise<void> }

export function readViews(connection: ReadConnection): ViewReader {
  return {
    async all() {
      const rows = await connection.all('SELECT name, state FROM views ORDER BY name')
      const views = rows.map((row) => readRow(viewRow, row, 'a view'))
      return Object.fromEntries(views.map(({ name, state }) => [name, state]))
    }
  }
}

export function writeViews(connection: WriteConnection): ViewWriter {
  return {
    ...readViews(connection),
    async set(name, state) {
      await connection.run(
        'INSERT INTO views (name, state) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state',
        [name, JSON.stringify(state)]
      )
    }
  }
}
