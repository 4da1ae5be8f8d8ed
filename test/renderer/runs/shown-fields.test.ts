import { expect, it } from 'vitest'
import { runsViewSchema } from '#renderer/runs/runs-view.ts'
import { fieldsOf, tableOfRuns } from '#renderer/runs/shown-fields.ts'
import { runEntry } from '#test/support/run-entries.ts'

const createdAt = Date.UTC(2026, 0, 2, 3, 4, 5)
const runs = [
  runEntry('a', { matching: 0.123456789, createdAt }),
  runEntry('b', { accuracy: null, anchors: 64, createdAt })
]

it('lays runs out in the columns in sight, as they stand, with every digit', () => {
  const view = runsViewSchema.parse({ hidden: [], pinned: ['matching'], order: ['created', 'name'] })
  const { columns, rows } = tableOfRuns(runs, fieldsOf(runs), view)
  expect(columns.slice(0, 4)).toEqual(['Matching', 'Created', 'Run', 'Sources'])
  expect(rows[0]?.slice(0, 2)).toEqual([0.123456789, '2026-01-02T03:04:05.000Z'])
  expect(rows[1]?.[columns.indexOf('Accuracy')]).toBeNull()
  // Of a refinement no run says anything.
  expect(columns).not.toContain('Refinement')
})

it('leaves out what is hidden, and on request what is the same for all', () => {
  const hidden = runsViewSchema.parse({ hidden: ['matching'] })
  expect(tableOfRuns(runs, fieldsOf(runs), hidden).columns).not.toContain('Matching')
  const varying = runsViewSchema.parse({ differencesOnly: true })
  const { columns } = tableOfRuns(runs, fieldsOf(runs), varying)
  expect(columns).toContain('Anchors')
  expect(columns).not.toContain('Target')
})
