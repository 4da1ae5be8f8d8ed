/** The fields that choose which prompts are looked at, in the line of the screen's title. */
import { Select, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { Toolbar } from '#renderer/components/screen.tsx'
import { type Tool, ToolRow } from '#renderer/components/tool-row.tsx'
import { origins, type PromptFilters } from './prompt-filters.ts'

type Props = {
  /** Chooses between matrix and list. */
  shownAs: ReactNode
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

export function PromptFilterBar({ shownAs, filters, onFilters, models, relations }: Props) {
  const choices = [
    { key: 'model', label: 'Model', options: unique(models) },
    { key: 'relation', label: 'Relation', options: unique(relations) },
    {
      key: 'origin',
      label: 'From',
      options: Object.entries(origins).map(([value, text]) => ({ value, label: text }))
    }
  ] as const
  const tools: Tool[] = [
    { key: 'shown', text: 'Shown as', field: shownAs },
    {
      key: 'search',
      text: 'Search',
      field: (
        <TextInput
          label="Search"
          placeholder="name, relation, task or model"
          value={filters.text}
          onChange={({ currentTarget }) => onFilters({ ...filters, text: currentTarget.value })}
        />
      )
    },
    ...choices.map(({ key, label, options }) => ({
      key,
      text: `${label} ${filters[key] ?? 'any'}`,
      field: (
        <FilterChoice
          label={label}
          options={options}
          value={filters[key]}
          onChange={(value) => onFilters({ ...filters, [key]: value })}
        />
      )
    }))
  ]
  return (
    <Toolbar>
      <ToolRow tools={tools} />
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
