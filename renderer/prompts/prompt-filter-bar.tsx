/** The fields that choose which prompts are looked at, in the line of the screen's title. */
import { Select, TextInput } from '@mantine/core'
import { Toolbar } from '#renderer/components/screen.tsx'
import { origins, type PromptFilters } from './prompt-filters.ts'

type Props = {
  filters: PromptFilters
  onFilters: (filters: PromptFilters) => void
  /** Names to choose from. */
  models: readonly (string | null)[]
  relations: readonly (string | null)[]
}

function unique(values: readonly (string | null)[]): string[] {
  const held = [...new Set(values.filter((value) => value !== null))]
  return held.sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))
}

export function PromptFilterBar({ filters, onFilters, models, relations }: Props) {
  return (
    <Toolbar>
      <TextInput
        label="Search"
        placeholder="name, relation, task or model"
        value={filters.text}
        onChange={({ currentTarget }) => onFilters({ ...filters, text: currentTarget.value })}
      />
      <FilterChoice
        label="Model"
        options={unique(models)}
        value={filters.model}
        onChange={(model) => onFilters({ ...filters, model })}
      />
      <FilterChoice
        label="Relation"
        options={unique(relations)}
        value={filters.relation}
        onChange={(relation) => onFilters({ ...filters, relation })}
      />
      <FilterChoice
        label="From"
        options={Object.entries(origins).map(([value, text]) => ({ value, label: text }))}
        value={filters.origin}
        onChange={(origin) => onFilters({ ...filters, origin })}
      />
    </Toolbar>
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
