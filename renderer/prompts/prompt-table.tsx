/** The prompts of the project in a table, with filters by text, model, relation and origin. */
import { Button, Select, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import { count } from '#renderer/components/numbers.ts'
import { Toolbar } from '#renderer/components/screen.tsx'
import { SelectionBar } from '#renderer/components/selection-bar.tsx'
import { type ChosenRows, type TableColumn, VirtualTable } from '#renderer/components/virtual-table.tsx'

type Props = {
  prompts: readonly PromptSummary[]
  onShow: (prompt: PromptSummary) => void
  onExport: (prompts: readonly PromptSummary[]) => void
  onRemove: (prompts: readonly PromptSummary[]) => void
}

type Filters = { text: string; model: string | null; relation: string | null; origin: string | null }

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' })

const noFilters: Filters = { text: '', model: null, relation: null, origin: null }

const origins: Record<PromptSummary['origin'], string> = {
  file: 'imported',
  run: 'found by a run',
  tuning: 'tuned here'
}

function unique(values: readonly (string | null)[]): string[] {
  const held = [...new Set(values.filter((value) => value !== null))]
  return held.sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))
}

function passes(prompt: PromptSummary, { text, model, relation, origin }: Filters): boolean {
  const searched = `${prompt.name} ${prompt.relation ?? ''} ${prompt.task ?? ''} ${prompt.model.name ?? ''}`
  return (
    (model === null || prompt.model.name === model) &&
    (relation === null || prompt.relation === relation) &&
    (origin === null || prompt.origin === origin) &&
    searched.toLowerCase().includes(text.trim().toLowerCase())
  )
}

function columnsOf(onShow: Props['onShow']): TableColumn<PromptSummary>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      grow: 7,
      value: ({ name }) => name,
      show: (prompt) => (
        <UnstyledButton className="name" onClick={() => onShow(prompt)}>
          {prompt.name}
        </UnstyledButton>
      )
    },
    { key: 'model', title: 'Model', grow: 3, value: ({ model }) => model.name },
    { key: 'relation', title: 'Relation or task', grow: 3, value: ({ relation, task }) => relation ?? task },
    { key: 'vectors', title: 'Vectors', grow: 2, value: ({ vectorCount }) => vectorCount, isNumber: true },
    { key: 'width', title: 'Width', grow: 2, value: ({ width }) => width, isNumber: true },
    { key: 'origin', title: 'Origin', grow: 2, value: ({ origin }) => origins[origin] },
    {
      key: 'created',
      title: 'Added',
      grow: 3,
      value: ({ createdAt }) => createdAt,
      show: ({ createdAt }) => dates.format(createdAt)
    }
  ]
}

export function PromptTable({ prompts, onShow, onExport, onRemove }: Props) {
  const [filters, setFilters] = useState(noFilters)
  const [chosen, setChosen] = useState<ChosenRows>({})
  const columns = useMemo(() => columnsOf(onShow), [onShow])
  const rows = useMemo(() => prompts.filter((prompt) => passes(prompt, filters)), [prompts, filters])
  const picked = rows.filter(({ id }) => chosen[id] === true)
  return (
    <>
      <Toolbar>
        <TextInput
          label="Search"
          placeholder="name, relation, task or model"
          value={filters.text}
          onChange={({ currentTarget }) => setFilters({ ...filters, text: currentTarget.value })}
        />
        <FilterChoice
          label="Model"
          options={unique(prompts.map(({ model }) => model.name))}
          value={filters.model}
          onChange={(model) => setFilters({ ...filters, model })}
        />
        <FilterChoice
          label="Relation"
          options={unique(prompts.map(({ relation }) => relation))}
          value={filters.relation}
          onChange={(relation) => setFilters({ ...filters, relation })}
        />
        <FilterChoice
          label="From"
          options={Object.entries(origins).map(([value, text]) => ({ value, label: text }))}
          value={filters.origin}
          onChange={(origin) => setFilters({ ...filters, origin })}
        />
      </Toolbar>
      <SelectionBar
        text={`${count(rows.length)} of ${count(prompts.length)}`}
        chosen={picked.length}
        actions={[
          { label: 'Export', hasMore: true, act: () => onExport(picked) },
          {
            label: 'Remove',
            act: () => {
              setChosen({})
              onRemove(picked)
            }
          }
        ]}
      />
      {rows.length === 0 ? (
        <Text className="quiet">
          No prompt passes these filters.{' '}
          <Button size="compact-sm" variant="default" onClick={() => setFilters(noFilters)}>
            Show all
          </Button>
        </Text>
      ) : (
        <VirtualTable
          label="Prompts"
          items={rows}
          columns={columns}
          minWidth={860}
          chosen={chosen}
          onChosen={setChosen}
          nameOf={({ name, model }) => `${name} of ${model.name ?? 'no model'}`}
        />
      )}
    </>
  )
}

type ChoiceProps = {
  label: string
  options: string[] | { value: string; label: string }[]
  value: string | null
  onChange: (value: string | null) => void
}

function FilterChoice({ label, options, value, onChange }: ChoiceProps) {
  return (
    <Select
      label={label}
      placeholder="any"
      clearable
      searchable
      clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}` }}
      data={options}
      value={value}
      onChange={onChange}
      w={170}
    />
  )
}
