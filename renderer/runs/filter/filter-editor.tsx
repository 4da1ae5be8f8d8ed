/** One part of a filter, made or changed by choosing: field, operator, and a value of those that occur. */
import { Autocomplete, Button, Group, Select, Stack, Switch, Text } from '@mantine/core'
import { useMemo, useRef, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { fieldsWithValues, operatorNames, operatorsOf, usualOperator, valuesOf } from './field-choices.ts'
import { type Condition, findField } from './run-filter.ts'

type Props = {
  /** What is changed; null: a new part. */
  condition: Condition | null
  /** The runs that the other parts leave: what they hold is offered. */
  runs: readonly RunEntry[]
  /** Null takes the part out. */
  onApply: (condition: Condition | null) => void
}

const anyField = 'any field'
const empty: Condition = { isNegated: false, name: null, operator: ':', value: '' }
/** A list that nobody reads to its end. */
const offeredAtMost = 200

export function FilterEditor({ condition, runs, onApply }: Props) {
  const [part, setPart] = useState<Condition>(condition ?? empty)
  // A field that there is none of is chosen anew.
  const [isChosen, setChosen] = useState(
    condition !== null && (condition.name === null || findField(condition.name) !== undefined)
  )
  const valueInput = useRef<HTMLInputElement>(null)
  const fields = useMemo(() => fieldsWithValues(runs), [runs])
  const field = part.name === null ? null : (findField(part.name) ?? null)
  const values = useMemo(() => (field === null ? [] : valuesOf(field, runs)), [field, runs])
  const counts = new Map(values.map(({ text, count: runsOf }) => [text, runsOf]))
  const names = fields.map(({ key, title }) => ({ value: key, label: title }))
  const known = field === null || fields.includes(field) ? [] : [{ value: field.key, label: field.title }]
  const chooseField = (key: string | null): void => {
    const chosen = key === null || key === anyField ? null : findField(key)
    setPart(
      chosen
        ? { ...part, name: chosen.key, operator: usualOperator(chosen), value: '' }
        : { ...part, name: null, operator: ':' }
    )
    setChosen(true)
    // Once the list of fields has given the focus back.
    setTimeout(() => valueInput.current?.focus())
  }
  const apply = (value: string): void => {
    if (isChosen && (value !== '' || field !== null)) onApply({ ...part, value })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        apply(part.value)
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <Select
            label="Field"
            w={150}
            searchable
            selectFirstOptionOnChange
            allowDeselect={false}
            placeholder="Choose a field"
            data-autofocus={condition === null || undefined}
            openOnFocus={condition === null}
            comboboxProps={{ withinPortal: false }}
            maxDropdownHeight={300}
            data={[{ value: anyField, label: anyField }, ...known, ...names]}
            value={isChosen ? (field?.key ?? anyField) : null}
            onChange={chooseField}
          />
          <Select
            label="Operator"
            w={105}
            allowDeselect={false}
            disabled={field === null}
            comboboxProps={{ withinPortal: false }}
            data={operatorsOf(field).map((value) => ({ value, label: operatorNames[value] }))}
            value={part.operator}
            onChange={(operator) => operator !== null && setPart({ ...part, operator })}
          />
          <Autocomplete
            ref={valueInput}
            label="Value"
            w={240}
            disabled={!isChosen}
            data-autofocus={condition !== null || undefined}
            placeholder={values.length > 0 ? 'Choose or type' : 'Type, then Enter'}
            comboboxProps={{ withinPortal: false }}
            limit={offeredAtMost}
            maxDropdownHeight={300}
            data={values.map(({ text }) => text)}
            renderOption={({ option }) => (
              <Group justify="space-between" wrap="nowrap" flex={1}>
                <span className="breakable">{option.value === '–' ? '– (none)' : option.value}</span>
                <span className="quiet">{count(counts.get(option.value) ?? 0)}</span>
              </Group>
            )}
            value={part.value}
            onChange={(value) => setPart({ ...part, value })}
            onOptionSubmit={apply}
          />
        </Group>
        <Group gap="xs">
          <Switch
            label="Exclude"
            checked={part.isNegated}
            onChange={(event) => setPart({ ...part, isNegated: event.currentTarget.checked })}
          />
          <Text size="sm" className="quiet" flex={1}>
            {field?.key === 'sources' && part.operator === '=' && 'That set alone, in any order.'}
            {field?.key === 'sources' && part.operator === ':' && 'Every set that contains it.'}
          </Text>
          {condition !== null && (
            <Button variant="default" onClick={() => onApply(null)}>
              Remove
            </Button>
          )}
          <Button type="submit" disabled={!isChosen}>
            {condition === null ? 'Add' : 'Apply'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
