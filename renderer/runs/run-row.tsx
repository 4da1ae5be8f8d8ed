/** A row of the table of runs: a run with its difference to the baseline, or a group with what its runs have in common. */
import type { Cell, Row } from '@tanstack/react-table'
import { type CSSProperties, memo } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Choice } from '#renderer/components/table-parts.tsx'
import { choiceColumn, type RunFeatures, rowHeight, runsOf } from './run-columns.ts'
import { type FieldValue, fieldText, isNumeric, type RunField, requireField } from './run-fields.ts'
import { configurationKey, groupLabel } from './run-group.ts'

/** Fields whose difference to the baseline is shown. */
const comparedFields = ['accuracy', 'matching']

/** What a field of a run says. */
export function cellText(key: string, run: RunEntry): string {
  const field = requireField(key)
  return fieldText(field, field.value(run))
}

/** What is chosen of a row's runs. */
export type BoxState = 'all' | 'some' | 'none'

type Places = Readonly<Record<string, CSSProperties>>

type Props = {
  row: Row<RunFeatures, RunEntry>
  index: number
  /** By column; as long as they are the same map, columns are the same. */
  places: Places
  baseline: RunEntry | undefined
  isChosen: boolean
  box: BoxState
  isOpen: boolean
  onOpen: (run: RunEntry) => void
  onMenu: (run: RunEntry, at: { x: number; y: number }) => void
}

/** Drawn anew when one of its properties changes: scrolling draws the rows that come into sight alone. */
export const RunRow = memo(function RunRow({
  row,
  index,
  places,
  baseline,
  isChosen,
  box,
  isOpen,
  onOpen,
  onMenu
}: Props) {
  const isGroup = row.getIsGrouped()
  return (
    <tr
      aria-rowindex={index + 2}
      data-group={isGroup}
      data-nested={!isGroup && row.depth > 0}
      data-chosen={isChosen}
      style={{ height: rowHeight }}
      onContextMenu={(event) => {
        if (isGroup) return
        event.preventDefault()
        onMenu(row.original, { x: event.clientX, y: event.clientY })
      }}
    >
      {row.getVisibleCells().map((cell) => {
        if (cell.column.id === choiceColumn)
          return <ChoiceCell key={cell.id} cell={cell} places={places} box={box} />
        return isGroup ? (
          <GroupCell key={cell.id} cell={cell} places={places} isOpen={isOpen} />
        ) : (
          <ValueCell key={cell.id} cell={cell} places={places} baseline={baseline} onOpen={onOpen} />
        )
      })}
    </tr>
  )
})

type CellProps = { cell: Cell<RunFeatures, RunEntry>; places: Places }

function ChoiceCell({ cell: { column, row }, places, box }: CellProps & Pick<Props, 'box'>) {
  return (
    <td style={places[column.id]}>
      <Choice
        label={`Choose ${row.getIsGrouped() ? 'the group' : cellText('name', row.original)}`}
        isChosen={box === 'all'}
        isPartly={box === 'some'}
        onChoose={row.getToggleSelectedHandler()}
      />
    </td>
  )
}

/** What is chosen draws no other cell of the row anew. */
const GroupCell = memo(function GroupCell({ cell, places, isOpen }: CellProps & Pick<Props, 'isOpen'>) {
  const { column, row } = cell
  const field = requireField(column.id)
  const value = row.getValue<FieldValue | undefined>(column.id) ?? null
  const isOfConfiguration = row.groupingColumnId === configurationKey
  if (isOfConfiguration ? column.id === 'name' : cell.getIsGrouped()) {
    const label = groupLabel(runsOf(row))
    return (
      <td style={places[column.id]}>
        <button
          type="button"
          className="runs-button"
          aria-expanded={isOpen}
          onClick={row.getToggleExpandedHandler()}
        >
          {isOpen ? '▾' : '▸'} {isOfConfiguration ? label : `${fieldText(field, value)} (${label})`}
        </button>
      </td>
    )
  }
  return (
    <td
      style={places[column.id]}
      className={isNumeric(column.id) ? 'numeric' : undefined}
      title={
        column.id === 'accuracy' && value !== null ? 'Micro average: each example counts once' : undefined
      }
    >
      {value === null ? null : fieldText(field, value)}
    </td>
  )
})

type ValueProps = CellProps & Pick<Props, 'baseline' | 'onOpen'>

const ValueCell = memo(function ValueCell({ cell: { column, row }, places, baseline, onOpen }: ValueProps) {
  const run = row.original
  const field = requireField(column.id)
  const value = field.value(run)
  const text = fieldText(field, value)
  return (
    <td
      style={places[column.id]}
      className={isNumeric(column.id) ? 'numeric' : undefined}
      title={typeof value === 'string' ? value : undefined}
    >
      {column.id === 'name' ? (
        <button type="button" className="runs-button runs-name" onClick={() => onOpen(run)}>
          {text}
        </button>
      ) : (
        text
      )}
      {baseline !== undefined && comparedFields.includes(column.id) && (
        <Delta field={field} value={value} base={field.value(baseline)} />
      )}
    </td>
  )
})

/** `+0.042`, in a colour that is not the only sign of its direction. */
function Delta({ field, value, base }: { field: RunField; value: FieldValue; base: FieldValue }) {
  if (typeof value !== 'number' || typeof base !== 'number' || value === base) return null
  const difference = value - base
  return (
    <span className={difference > 0 ? 'runs-better' : 'runs-worse'}>
      {' '}
      {difference > 0 ? '+' : '−'}
      {(Math.abs(difference) * (field.isShare === true ? 100 : 1)).toFixed(field.digits)}
    </span>
  )
}
