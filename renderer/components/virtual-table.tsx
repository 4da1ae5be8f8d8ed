/** A long table: only the rows in sight are drawn; sorted by its heads, and chosen from where the screen wants that. */
import { Box } from '@mantine/core'
import {
  createColumnHelper,
  createSortedRowModel,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  sortFn_alphanumeric,
  tableFeatures,
  useTable
} from '@tanstack/react-table'
import { type ReactNode, useMemo, useState } from 'react'
import { Choice, RowGap, SortHead, updated, useRowWindow } from './table-parts.tsx'
import './virtual-table.css'

export type TableColumn<T> = {
  readonly key: string
  readonly title: string
  /** Share of the width. */
  readonly grow: number
  /** What is sorted by, and shown where `show` does not say otherwise; null sorts last. */
  readonly value: (item: T) => string | number | null
  readonly show?: (item: T) => ReactNode
  readonly isNumber?: boolean
}

export type ChosenRows = RowSelectionState

type Props<T extends { readonly id: string }> = {
  label: string
  items: readonly T[]
  columns: readonly TableColumn<T>[]
  /** The narrowest that the table gets before it scrolls sideways, in pixels. */
  minWidth: number
  chosen?: ChosenRows
  onChosen?: (chosen: ChosenRows) => void
  /** What a choice of this row is called. */
  nameOf?: (item: T) => string
}

const features = tableFeatures({
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric }
})

const rowHeight = 26
/** Borders, and a scroll bar below the last row. */
const belowRows = 18

export function VirtualTable<T extends { readonly id: string }>({
  label,
  items,
  columns,
  minWidth,
  chosen = {},
  onChosen,
  nameOf = ({ id }) => id
}: Props<T>) {
  const [sorting, setSorting] = useState<SortingState>([])
  const data = useMemo(() => [...items], [items])
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>()
    return helper.columns(
      columns.map(({ key, value }) =>
        helper.accessor((item) => value(item) ?? undefined, { id: key, sortUndefined: 'last' })
      )
    )
  }, [columns])
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: ({ id }) => id,
    state: { sorting, rowSelection: chosen },
    onSortingChange: (updater) => setSorting(updated(updater, sorting)),
    onRowSelectionChange: (updater) => onChosen?.(updated(updater, chosen))
  })
  const { rows } = table.getRowModel()
  const { scrolled, indices, before, after } = useRowWindow(rows.length, rowHeight, JSON.stringify(sorting))
  const total = columns.reduce((sum, { grow }) => sum + grow, 0)
  const height = (rows.length + 1) * rowHeight + belowRows
  return (
    <Box
      ref={scrolled}
      className="virtual-table"
      // As high as its rows where there is room; one of thousands leaves some to what is beside it.
      style={{ flexBasis: `min(${height}px, 50vh)`, maxHeight: height }}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table style={{ minWidth }} aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {onChosen !== undefined && (
              <th className="choice">
                <Choice
                  label="Choose all"
                  isChosen={rows.length > 0 && table.getIsAllRowsSelected()}
                  isPartly={table.getIsSomeRowsSelected()}
                  onChoose={table.getToggleAllRowsSelectedHandler()}
                />
              </th>
            )}
            {columns.map(({ key, title, grow, isNumber }) => {
              const column = table.getColumn(key)
              return (
                <SortHead
                  key={key}
                  title={title}
                  sorted={column?.getIsSorted() ?? false}
                  onSort={column?.getToggleSortingHandler()}
                  isNumber={isNumber === true}
                  style={{ width: `${(100 * grow) / total}%` }}
                />
              )
            })}
          </tr>
        </thead>
        <tbody>
          <RowGap height={before} />
          {indices.map((index) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <tr key={row.id} aria-rowindex={index + 2} data-chosen={row.getIsSelected()}>
                {onChosen !== undefined && (
                  <td className="choice">
                    <Choice
                      label={`Choose ${nameOf(row.original)}`}
                      isChosen={row.getIsSelected()}
                      onChoose={row.getToggleSelectedHandler()}
                    />
                  </td>
                )}
                {columns.map(({ key, value, show, isNumber }) => {
                  const content = value(row.original)
                  return (
                    <td
                      key={key}
                      className={isNumber === true ? 'numeric' : undefined}
                      title={typeof content === 'string' ? content : undefined}
                    >
                      {show === undefined ? content : show(row.original)}
                    </td>
                  )
                })}
              </tr>
            )
          })}
          <RowGap height={after} />
        </tbody>
      </table>
    </Box>
  )
}
