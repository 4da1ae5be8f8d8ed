/** The table of runs: only rows in sight are drawn; sorted, grouped with means, pinned columns, deltas to a baseline. */
import { Box } from '@mantine/core'
import { type RowSelectionState, useTable } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Choice, RowGap, SortHead, updated, useRowWindow } from '#renderer/components/table-parts.tsx'
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

/** Columns that are shown where they have something to say of a run. */
const isWorthSaying: Readonly<Record<string, (run: RunEntry) => boolean>> = {
  verified: ({ weightsUnverified }) => weightsUnverified,
  targetData: ({ targetData }) => targetData === 'inputs' || targetData === 'labels',
  refinement: ({ refinement }) => refinement !== null,
  cost: ({ refinement }) => refinement !== null
}

function visibility(runs: readonly RunEntry[], { hidden, differencesOnly, groupBy }: RunsView) {
  const varying = new Set(varyingFields(runs).map(({ key }) => key))
  return Object.fromEntries(
    runFields.map(({ key, isResult }) => {
      // A column that says nothing of any run would take the place of one that does.
      if (!runs.some(isWorthSaying[key] ?? (() => true))) return [key, false]
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
    onSortingChange: (updater) => onView({ sorting: updated(updater, view.sorting) }),
    onRowSelectionChange: (updater) => onChosen(updated(updater, chosen))
  })
  const { rows } = table.getRowModel()
  const order = JSON.stringify([view.sorting, view.filter, view.groupBy])
  const { scrolled, indices, before, after } = useRowWindow(rows.length, rowHeight, order)
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
                      <Choice
                        label="Choose all"
                        isChosen={table.getIsAllRowsSelected()}
                        isPartly={table.getIsSomeRowsSelected()}
                        onChoose={table.getToggleAllRowsSelectedHandler()}
                      />
                    </th>
                  )
                return (
                  <SortHead
                    key={id}
                    title={requireField(column.id).title}
                    sorted={column.getIsSorted()}
                    onSort={column.getToggleSortingHandler()}
                    isNumber={isNumeric(column.id)}
                    style={place(column)}
                    hint="Sort; with Shift, sort within what is sorted already"
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
                baseline={baseline}
                isChosen={row.getIsSelected()}
                onOpen={onOpen}
              />
            )
          })}
          <RowGap height={after} />
        </tbody>
      </table>
    </Box>
  )
}
