/**
 * One part of a filter as a chip: field, operator and value; a click changes it, its sign switches between what a field
 * is and what it contains, its cross takes it out. By keyboard it is one stop with keys for the same.
 */
import { Popover } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { operatorNames } from './field-choices.ts'
import { FilterEditor } from './filter-editor.tsx'
import type { Condition, FilterPart } from './run-filter.ts'

type Props = {
  part: FilterPart
  /** The runs that the other parts leave. */
  offered: () => readonly RunEntry[]
  onChange: (condition: Condition | null) => void
  /** Goes to a neighbour. */
  onMove: (places: -1 | 1) => void
}

const signs = { '=': '=', ':': ':', '>': '>', '>=': '≥', '<': '<', '<=': '≤' } as const

/** `not Sources is exactly bert-small`, for who hears the page. */
function spoken({ isNegated, field, name, operator, value }: FilterPart): string {
  const what = name === null ? 'any field' : (field?.title ?? name)
  return `${isNegated ? 'not ' : ''}${what} ${operatorNames[operator]} ${value === '' ? 'nothing' : value}`
}

export function FilterChip({ part, offered, onChange, onMove }: Props) {
  const [isOpen, setOpen] = useState(false)
  const { isNegated, field, name, operator, value, problem } = part
  const isSwitched = name !== null && (operator === '=' || operator === ':')
  const other = operator === '=' ? ':' : '='
  const set = (to: '=' | ':'): void => {
    if (isSwitched) onChange({ ...part, operator: to })
  }
  const keys = new Map([
    ['Delete', () => onChange(null)],
    ['Backspace', () => onChange(null)],
    ['ArrowLeft', () => onMove(-1)],
    ['ArrowRight', () => onMove(1)],
    ['=', () => set('=')],
    [':', () => set(':')]
  ])
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys.get(event.key)
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
      withRoles={false}
    >
      <span className="chip" data-problem={problem !== null || undefined}>
        <Popover.Target>
          <button
            type="button"
            className="chip-text"
            data-chip
            aria-label={spoken(part)}
            aria-haspopup="dialog"
            aria-expanded={isOpen}
            title={`${problem ?? spoken(part)}. Enter changes it, Delete takes it out${isSwitched ? ', = and : switch what it means' : ''}.`}
            onClick={() => setOpen(!isOpen)}
            onKeyDown={onKeyDown}
          >
            {isNegated && <em>not </em>}
            {name !== null && <span className="quiet">{field?.title ?? name}</span>}
            {name === null && value}
          </button>
        </Popover.Target>
        {name !== null && (
          <>
            {/* The keys of the chip do the same: two more stops at each would be in the way. */}
            <button
              type="button"
              className="chip-sign"
              tabIndex={-1}
              aria-label={`${operatorNames[operator]}: ${isSwitched ? `make it “${operatorNames[other]}”` : 'change'}`}
              title={`${operatorNames[operator]}${isSwitched ? `; click: ${operatorNames[other]}` : ''}`}
              onClick={() => (isSwitched ? set(other) : setOpen(!isOpen))}
            >
              {signs[operator]}
            </button>
            <button
              type="button"
              className="chip-text chip-value"
              tabIndex={-1}
              aria-label={`Change ${value}`}
              title={problem ?? value}
              onClick={() => setOpen(!isOpen)}
            >
              {value === '' ? '(nothing)' : value}
            </button>
          </>
        )}
        <button
          type="button"
          className="chip-cross"
          tabIndex={-1}
          aria-label={`Take out ${spoken(part)}`}
          title="Take it out (Delete)"
          onClick={() => onChange(null)}
        >
          <IconX size={12} aria-hidden />
        </button>
      </span>
      <Popover.Dropdown role="dialog" aria-label={`Change ${spoken(part)}`}>
        {isOpen && (
          <FilterEditor
            condition={part}
            runs={offered()}
            onApply={(condition) => {
              setOpen(false)
              onChange(condition)
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
