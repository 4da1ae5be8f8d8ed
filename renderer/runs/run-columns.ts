/** The columns of the table of runs, and what the table can do with them. */
import {
  type Column,
  columnGroupingFeature,
  columnOrderingFeature,
  columnPinningFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  createExpandedRowModel,
  createGroupedRowModel,
  createSortedRowModel,
  type Row,
  rowAggregationFeature,
  rowExpandingFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  tableFeatures
} from '@tanstack/react-table'
import type { CSSProperties } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { runFields } from './run-fields.ts'
import { configurationKey, groupValue } from './run-group.ts'

export const features = tableFeatures({
  columnOrderingFeature,
  columnPinningFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
  columnGroupingFeature,
  groupedRowModel: createGroupedRowModel(),
  rowAggregationFeature,
  rowExpandingFeature,
  expandedRowModel: createExpandedRowModel()
})

export type RunFeatures = typeof features

export const choiceColumn = 'chosen'
const choiceWidth = 40
export const rowHeight = 26

/** Narrower, a column says nothing. */
const leastWidth = 50

/** By group: each of its columns asks for the same hundreds. */
const knownRuns = new WeakMap<Row<RunFeatures, RunEntry>, readonly RunEntry[]>()

/** The runs of a group. */
export function runsOf(group: Row<RunFeatures, RunEntry>): readonly RunEntry[] {
  const known = knownRuns.get(group)
  if (known !== undefined) return known
  const runs = group.getLeafRows().map(({ original }) => original)
  knownRuns.set(group, runs)
  return runs
}

const helper = createColumnHelper<RunFeatures, RunEntry>()
export const columns = helper.columns([
  helper.display({ id: choiceColumn, size: choiceWidth, enableResizing: false }),
  helper.accessor(({ configuration }) => configuration, { id: configurationKey }),
  ...runFields.map((field) =>
    helper.accessor((run) => field.value(run) ?? undefined, {
      id: field.key,
      header: field.title,
      size: field.width,
      minSize: leastWidth,
      sortUndefined: 'last',
      aggregationFn: {
        aggregate: ({ groupingRow }) =>
          (groupingRow === undefined ? null : groupValue(field, runsOf(groupingRow))) ?? undefined
      }
    })
  )
])

/** Width and, where it is pinned, the place of a cell of the column. */
export function place(column: Column<RunFeatures, RunEntry>): CSSProperties {
  const width = column.getSize()
  if (column.getIsPinned() !== 'start') return { width }
  return { width, position: 'sticky', insetInlineStart: column.getStart('start') }
}
