/** A row of the table of runs: a run with its difference to the baseline, or a group with what its runs have in common. */
import { UnstyledButton } from '@mantine/core'
import type { Cell, Row } from '@tanstack/react-table'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Choice } from '#renderer/components/table-parts.tsx'
import { choiceColumn, place, type RunFeatures, rowHeight } from './run-columns.ts'
import { type FieldValue, fieldText, isNumeric, type RunField, requireField } from './run-fields.ts'
import { configurationKey, groupLabel } from './run-group.ts'

/** Fields whose difference to the baseline is shown. */
const comparedFields = ['accuracy', 'matching']

/** What a field of a run says. */
export function cellText(key: string, run: RunEntry): string {
  const field = requireField(key)
  return fieldText(field, field.value(run))
}

type Props = {
  row: Row<RunFeatures, RunEntry>
  index: number
  baseline: RunEntry | undefined
  isChosen: boolean
  onOpen: (run: RunEntry) => void
  onMenu: (run: RunEntry, at: { x: number; y: number }) => void
}

export function RunRow({ row, index, baseline, isChosen, onOpen, onMenu }: Props) {
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
          return <ChoiceCell key={cell.id} cell={cell} isChosen={isChosen} />
        return isGroup ? (
          <GroupCell key={cell.id} cell={cell} />
        ) : (
          <ValueCell key={cell.id} cell={cell} baseline={baseline} onOpen={onOpen} />
        )
      })}
    </tr>
  )
}

type CellProps = { cell: Cell<RunFeatures, RunEntry> }

function ChoiceCell({ cell: { column, row }, isChosen }: CellProps & { isChosen: boolean }) {
  const isGroup = row.getIsGrouped()
  return (
    <td style={place(column)}>
      <Choice
        label={`Choose ${isGroup ? 'the group' : cellText('name', row.original)}`}
        isChosen={isChosen || (isGroup && row.getIsAllSubRowsSelected())}
        isPartly={isGroup && row.getIsSomeSelected()}
        onChoose={row.getToggleSelectedHandler()}
      />
    </td>
  )
}

function GroupCell({ cell }: CellProps) {
  const { column, row } = cell
  const field = requireField(column.id)
  const value = row.getValue<FieldValue | undefined>(column.id) ?? null
  const isOfConfiguration = row.groupingColumnId === configurationKey
  const label = groupLabel(row.getLeafRows().map(({ original }) => original))
  if (isOfConfiguration ? column.id === 'name' : cell.getIsGrouped()) {
    const isOpen = row.getIsExpanded()
    return (
      <td style={place(column)}>
        <UnstyledButton className="sort" aria-expanded={isOpen} onClick={row.getToggleExpandedHandler()}>
          {isOpen ? '▾' : '▸'} {isOfConfiguration ? label : `${fieldText(field, value)} (${label})`}
        </UnstyledButton>
      </td>
    )
  }
  return (
    <td
      style={place(column)}
      className={isNumeric(column.id) ? 'numeric' : undefined}
      title={
        column.id === 'accuracy' && value !== null ? 'Micro average: each example counts once' : undefined
      }
    >
      {value === null ? null : fieldText(field, value)}
    </td>
  )
}

type ValueProps = CellProps & Pick<Props, 'baseline' | 'onOpen'>

function ValueCell({ cell: { column, row }, baseline, onOpen }: ValueProps) {
  const run = row.original
  const field = requireField(column.id)
  const value = field.value(run)
  const text = fieldText(field, value)
  return (
    <td
      style={place(column)}
      className={isNumeric(column.id) ? 'numeric' : undefined}
      title={typeof value === 'string' ? value : undefined}
    >
      {column.id === 'name' ? (
        <UnstyledButton className="runs-name" onClick={() => onOpen(run)}>
          {text}
        </UnstyledButton>
      ) : (
        text
      )}
      {baseline !== undefined && comparedFields.includes(column.id) && (
        <Delta field={field} value={value} base={field.value(baseline)} />
      )}
    </td>
  )
}

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
