/** Views: what the window showed of studies and searches, in the words that it reads now. */
import { z } from 'zod'
import type { WriteConnection } from '../../file/connection.ts'
import { jsonColumn, readRow } from '../../records/row.ts'

/** The columns of the table of runs that have another name now. */
const renamedFields: Readonly<Record<string, string>> = { solver: 'method', search: 'method' }

function renamed(field: string): string {
  return renamedFields[field.toLowerCase()] ?? field
}

/** `solver:adam` and `-search:adam`, in a filter, by the name that the column has now. */
function renamedFilter(filter: string): string {
  return filter.replaceAll(
    /(^|\s)(-?)(\p{L}+)(?=[:<>=])/gu,
    (_, space: string, minus: string, field: string) => {
      return `${space}${minus}${renamed(field)}`
    }
  )
}

/** Only what is renamed of it; a view in another form stays as it is. */
const runsViewSchema = z.looseObject({
  filter: z.string().optional(),
  sorting: z.array(z.looseObject({ id: z.string() })).optional(),
  groupBy: z.string().nullish(),
  hidden: z.array(z.string()).optional(),
  pinned: z.array(z.string()).optional()
})

const viewRow = z.object({ state: jsonColumn(z.json()) })

async function moveRunsView(connection: WriteConnection): Promise<void> {
  const row = await connection.get(`SELECT state FROM views WHERE name = 'runs'`)
  if (row === undefined) return
  const view = runsViewSchema.safeParse(readRow(viewRow, row, 'a view').state)
  if (!view.success) return
  const { filter, sorting, groupBy, hidden, pinned } = view.data
  const state = {
    ...view.data,
    filter: filter === undefined ? undefined : renamedFilter(filter),
    sorting: sorting?.map((column) => ({ ...column, id: renamed(column.id) })),
    groupBy: typeof groupBy === 'string' ? renamed(groupBy) : groupBy,
    hidden: hidden?.map(renamed),
    pinned: pinned?.map(renamed)
  }
  await connection.run(`UPDATE views SET state = ? WHERE name = 'runs'`, [JSON.stringify(state)])
}

export async function moveViews(connection: WriteConnection): Promise<void> {
  await connection.run(`UPDATE views SET name = 'experiments' WHERE name = 'studies'`)
  await moveRunsView(connection)
}
