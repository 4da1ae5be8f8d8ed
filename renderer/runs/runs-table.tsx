/** The table of runs: only rows in sight are drawn; sorted, grouped with means, pinned columns, deltas to a baseline. */
import { Box, Checkbox, UnstyledButton } from '@mantine/core'
import { type RowSelectionState, type Updater, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import type { RunEntry } from '../../preload/contract/run-methods.ts'
import { choiceColumn, columns, features, place, rowHeight } from './run-columns.ts'
import { isNumeric, requireField, runFields, varyingFields } from './run-fields.ts'
import { cellText, RunRow } from './run-row.tsx'
import type { RunsView } from './runs-view.ts'
import './runs-table.css'

type Props = {
  runs: readonly RunEntry[]
  view: RunsView
  onView: (change: Partial<RunsView>) => void
  chosen: RowSelectionState
  onChosen: (chosen: RowSelectionState) => void
  onOpen: (run: RunEntry) => void
}

function resolve<T>(updater: Updater<T>, before: T): T {
  return updater instanceof Function ? updater(before) : updater
}

function visibility(runs: readonly RunEntry[], { hidden, differencesOnly, groupBy }: RunsView) {
  const varying = new Set(varyingFields(runs).map(({ key }) => key))
  return Object.fromEntries(
    runFields.map(({ key, isResult }) => {
      const differs = isResult === true || varying.has(key) || key === 'name' || key === groupBy
      return [key, differencesOnly ? differs : !hidden.includes(key) || key === groupBy]
    })
  )
}

export function RunsTable({ runs, view, onView, chosen, onChosen, onOpen }: Props) {
  const data = useMemo(() => [...runs], [runs])
  const columnVisibility = useMemo(() => visibility(data, view), [data, view])
  const baseline = data.find(({ id }) => id === view.baselineId)
  const table = useTable({
    features,
    columns,
    data,
    getRowId: ({ id }) => id,
    enableSortingRemoval: false,
    autoResetExpanded: false,
    initialState: { expanded: true },
    state: {
      sorting: view.sorting,
      columnVisibility,
      columnPinning: { start: [choiceColumn, ...view.pinned], end: [] },
      rowSelection: chosen,
      grouping: view.groupBy === null ? [] : [view.groupBy]
    },
    onSortingChange: (updater) => onView({ sorting: resolve(updater, view.sorting) }),
    onRowSelectionChange: (updater) => onChosen(resolve(updater, chosen))
  })
  const { rows } = table.getRowModel()
  const scrolled = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrolled.current,
    estimateSize: () => rowHeight,
    overscan: 12
  })
  const shown = virtualizer.getVirtualItems()
  const before = shown[0]?.start ?? 0
  const after = virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0)
  const leaves = table.getVisibleLeafColumns()
  return (
    <Box ref={scrolled} className="runs" tabIndex={0} role="region" aria-label="Table of runs">
      <table style={{ width: table.getTotalSize() }} aria-rowcount={rows.length + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map(({ id, column }) => {
                if (column.id === choiceColumn)
                  return (
                    <th key={id} style={place(column)}>
                      <Checkbox
                        size="xs"
                        aria-label="Choose all"
                        checked={table.getIsAllRowsSelected()}
                        indeterminate={table.getIsSomeRowsSelected()}
                        onChange={table.getToggleAllRowsSelectedHandler()}
                      />
                    </th>
                  )
                const sorted = column.getIsSorted()
                return (
                  <th
                    key={id}
                    style={place(column)}
                    className={isNumeric(column.id) ? 'numeric' : undefined}
                    aria-sort={sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'}
                  >
                    <UnstyledButton
                      className="runs-sort"
                      onClick={column.getToggleSortingHandler()}
                      title="Sort; with Shift, sort within what is sorted already"
                    >
                      {requireField(column.id).title}
                      {sorted === false ? '' : sorted === 'asc' ? ' ↑' : ' ↓'}
                    </UnstyledButton>
                  </th>
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
          <tr style={{ height: before }} />
          {shown.map(({ index }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <RunRow
                key={row.id}
                row={row}
                index={index}
                baseline={baseline}
                isChosen={row.getIsSelected()}
                onOpen={onOpen}
              />
            )
          })}
          <tr style={{ height: Math.max(0, after) }} />
        </tbody>
      </table>
    </Box>
  )
}
