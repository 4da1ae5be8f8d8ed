/** The table of runs: only rows in sight are drawn; sorted, grouped, pinned columns, deltas to a baseline. */
import { Box } from '@mantine/core'
import { type ReactTable, type Row, type RowSelectionState, useTable } from '@tanstack/react-table'
import { memo, useMemo } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Choice, RowGap, updated, useRowWindow } from '#renderer/components/table-parts.tsx'
import { useSame } from '#renderer/connection/same.ts'
import { ColumnHead } from './column-head.tsx'
import { movedColumn, shiftedColumn } from './column-order.ts'
import { choiceColumn, columns, features, place, type RunFeatures, rowHeight } from './run-columns.ts'
import { configurationKey } from './run-group.ts'
import { type BoxState, cellText, RunRow } from './run-row.tsx'
import type { RunsView } from './runs-view.ts'
import { type SaidFields, visibility } from './shown-fields.ts'
import './runs-table.css'

type Props = {
  runs: readonly RunEntry[]
  fields: SaidFields
  view: RunsView
  onView: (change: Partial<RunsView>) => void
  chosen: RowSelectionState
  onChosen: (chosen: RowSelectionState) => void
  onOpen: (run: RunEntry) => void
  /** A person asked what can be done with the run, at this place of the page. */
  onMenu: (run: RunEntry, at: { x: number; y: number }) => void
}

/** A configuration of a single run is that run: nothing is gained by opening it. */
function unwrapped(rows: readonly Row<RunFeatures, RunEntry>[]): Row<RunFeatures, RunEntry>[] {
  return rows.flatMap((row) => {
    const group = row.getIsGrouped() ? row : row.getParentRow()
    const isRun = group?.groupingColumnId === configurationKey && group.subRows.length === 1
    if (!isRun) return row
    return row === group ? row.subRows : []
  })
}

/** What the box of a row says: of a group, whether all of its runs are chosen, or some. */
function boxOf(row: Row<RunFeatures, RunEntry>): BoxState {
  if (row.getIsSelected() || (row.getIsGrouped() && row.getIsAllSubRowsSelected())) return 'all'
  return row.getIsGrouped() && row.getIsSomeSelected() ? 'some' : 'none'
}

export const RunsTable = memo(function RunsTable({
  runs,
  fields,
  view,
  onView,
  chosen,
  onChosen,
  onOpen,
  onMenu
}: Props) {
  const data = useMemo(() => [...runs], [runs])
  const { hidden, differencesOnly, groupBy, pinned } = view
  // The very same for as long as they say the same: another list, and ten thousand runs are grouped and sorted anew.
  const grouping = useMemo(() => (groupBy === null ? [] : [groupBy]), [groupBy])
  const columnPinning = useMemo(() => ({ start: [choiceColumn, ...pinned], end: [] }), [pinned])
  const columnVisibility = useMemo(
    () => visibility(fields, { hidden, differencesOnly, groupBy }),
    [fields, hidden, differencesOnly, groupBy]
  )
  const baseline = data.find(({ id }) => id === view.baselineId)
  const table = useTable({
    features,
    columns,
    data,
    getRowId: ({ id }) => id,
    enableSortingRemoval: false,
    autoResetExpanded: false,
    columnResizeMode: 'onChange',
    initialState: { expanded: view.groupBy === configurationKey ? {} : true },
    state: {
      sorting: view.sorting,
      columnVisibility,
      columnOrder: view.order,
      columnSizing: view.widths,
      columnPinning,
      rowSelection: chosen,
      grouping
    },
    onSortingChange: (updater) => onView({ sorting: updated(updater, view.sorting) }),
    onColumnSizingChange: (updater) => onView({ widths: updated(updater, view.widths) }),
    onRowSelectionChange: (updater) => onChosen(updated(updater, chosen))
  })
  // Grouped here and sorted by what draws the rows: React makes a frame between the two of ten thousand runs.
  table.getGroupedRowModel()
  return (
    <GroupedRuns
      table={table}
      view={view}
      onView={onView}
      baseline={baseline}
      onOpen={onOpen}
      onMenu={onMenu}
    />
  )
})

type GroupedProps = Pick<Props, 'view' | 'onView' | 'onOpen' | 'onMenu'> & {
  table: ReactTable<RunFeatures, RunEntry>
  baseline: RunEntry | undefined
}

function GroupedRuns({ table, view, onView, baseline, onOpen, onMenu }: GroupedProps) {
  const model = table.getRowModel()
  const rows = useMemo(() => unwrapped(model.rows), [model])
  const order = JSON.stringify([view.sorting, view.filter, view.groupBy])
  const { scrolled, indices, before, after } = useRowWindow(rows.length, rowHeight, order)
  const leaves = table.getVisibleLeafColumns()
  const places = useSame(Object.fromEntries(leaves.map((column) => [column.id, place(column)])))
  const shownKeys = leaves.map(({ id }) => id).filter((id) => id !== choiceColumn)
  return (
    <Box ref={scrolled} className="runs" tabIndex={0} role="region" aria-label="Table of runs">
      <table style={{ width: table.getTotalSize() }} aria-rowcount={rows.length + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const { id, column } = header
                if (column.id === choiceColumn)
                  return (
                    <th key={id} style={place(column)}>
                      <Choice
                        label="Choose all"
                        isChosen={table.getIsAllRowsSelected()}
                        isPartly={table.getIsSomeRowsSelected()}
                        onChoose={table.getToggleAllRowsSelectedHandler()}
                      />
                    </th>
                  )
                return (
                  <ColumnHead
                    key={id}
                    header={header}
                    onMove={(from, to) => onView(movedColumn(view, shownKeys, from, to))}
                    onShift={(from, places) => onView(shiftedColumn(view, shownKeys, from, places))}
                    onWidth={(of, width) => onView({ widths: { ...view.widths, [of]: width } })}
                  />
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {baseline !== undefined && (
            <tr className="runs-baseline">
              {leaves.map((column) => (
                <td key={column.id} style={place(column)}>
                  {column.id === choiceColumn ? '⚑' : cellText(column.id, baseline)}
                </td>
              ))}
            </tr>
          )}
          <RowGap height={before} />
          {indices.map((index) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <RunRow
                key={row.id}
                row={row}
                index={index}
                places={places}
                baseline={baseline}
                isChosen={row.getIsSelected()}
                box={boxOf(row)}
                isOpen={row.getIsExpanded()}
                onOpen={onOpen}
                onMenu={onMenu}
              />
            )
          })}
          <RowGap height={after} />
        </tbody>
      </table>
    </Box>
  )
}
