/** The columns of the table of runs, and what the table can do with them. */
import {
  aggregationFn_mean,
  type Column,
  columnGroupingFeature,
  columnPinningFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  createExpandedRowModel,
  createGroupedRowModel,
  createSortedRowModel,
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

export const features = tableFeatures({
  columnPinningFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
  columnGroupingFeature,
  groupedRowModel: createGroupedRowModel(),
  rowAggregationFeature,
  aggregationFns: { mean: aggregationFn_mean },
  rowExpandingFeature,
  expandedRowModel: createExpandedRowModel()
})

export type RunFeatures = typeof features

export const choiceColumn = 'chosen'
const choiceWidth = 40
export const rowHeight = 26

const helper = createColumnHelper<RunFeatures, RunEntry>()
export const columns = helper.columns([
  helper.display({ id: choiceColumn, size: choiceWidth }),
  ...runFields.map(({ key, title, value, width, isResult, digits }) =>
    helper.accessor((run) => value(run) ?? undefined, {
      id: key,
      header: title,
      size: width,
      sortUndefined: 'last',
      ...(isResult === true && digits !== undefined ? { aggregationFn: 'mean' as const } : {})
    })
  )
])

/** Width and, where it is pinned, the place of a cell of the column. */
export function place(column: Column<RunFeatures, RunEntry>): CSSProperties {
  const width = column.getSize()
  if (column.getIsPinned() !== 'start') return { width }
  return { width, position: 'sticky', insetInlineStart: column.getStart('start'), zIndex: 1 }
}
