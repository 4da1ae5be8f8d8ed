/** The head of a column of the table of runs: sorts, is dragged to another place and wider, also by keyboard. */
import type { Header } from '@tanstack/react-table'
import type { KeyboardEvent } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { SortHead } from '#renderer/components/table-parts.tsx'
import { place, type RunFeatures } from './run-columns.ts'
import { isNumeric, requireField } from './run-fields.ts'

/** How much wider a press makes a column, in pixels. */
const widthStep = 20

type Props = {
  header: Header<RunFeatures, RunEntry>
  /** Puts the column in the place of another one. */
  onMove: (id: string, to: string) => void
  /** Puts the column so many places to the right. */
  onShift: (id: string, places: -1 | 1) => void
  onWidth: (id: string, width: number) => void
}

export function ColumnHead({ header, onMove, onShift, onWidth }: Props) {
  const { column } = header
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : null
    if (direction === null || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    if (event.shiftKey) onWidth(column.id, column.getSize() + direction * widthStep)
    else onShift(column.id, direction)
  }
  return (
    <SortHead
      title={requireField(column.id).title}
      sorted={column.getIsSorted()}
      onSort={column.getToggleSortingHandler()}
      isNumber={isNumeric(column.id)}
      style={place(column)}
      hint="Sort; with Shift, sort within what is sorted already. Drag to move, or Ctrl and ← →; Ctrl, Shift and ← → change the width."
      draggable
      onDragStart={(event) => event.dataTransfer.setData(columnData, column.id)}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(columnData)) event.preventDefault()
      }}
      onDrop={(event) => onMove(event.dataTransfer.getData(columnData), column.id)}
      onKeyDown={onKeyDown}
    >
      {/* The keyboard has its own way; a stop at every edge would be in it. */}
      <span
        className="runs-edge"
        aria-hidden
        draggable
        onDragStart={(event) => {
          event.preventDefault()
          event.stopPropagation()
        }}
        onMouseDown={header.getResizeHandler()}
        onTouchStart={header.getResizeHandler()}
      />
    </SortHead>
  )
}

/** What is dragged is a column, and nothing that another page would take. */
const columnData = 'application/x-anchorage-column'
