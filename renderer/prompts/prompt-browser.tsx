/** The prompts that pass the filter, as a matrix or as a list, with what was opened of them in the inspector. */
import { Button, SegmentedControl, Select, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import { Inspector } from '#renderer/components/screen.tsx'
import { goTo, useOpened } from '#renderer/connection/address.ts'
import { useView } from '#renderer/connection/view.ts'
import { type MatrixCell, type MatrixLists, promptMatrix } from './matrix-data.ts'
import { MissingPrompt } from './missing-prompt.tsx'
import { PromptDetails } from './prompt-details.tsx'
import { PromptFilterBar } from './prompt-filter-bar.tsx'
import { noFilters, type PromptFilters, passes } from './prompt-filters.ts'
import { promptLabel } from './prompt-label.ts'
import { PromptMatrixTable } from './prompt-matrix.tsx'
import { PromptTable } from './prompt-table.tsx'
import { promptsViewSchema } from './prompts-view.ts'
import type { TuningChoice } from './tuning/tuning-order.ts'

type Props = {
  lists: MatrixLists
  onExport: (prompts: readonly PromptSummary[]) => void
  onRemove: (prompts: readonly PromptSummary[]) => void
  onTune: (start: Partial<TuningChoice>) => void
  onImport: () => void
}

function show({ id }: PromptSummary): void {
  goTo('/prompts', id)
}

export function PromptBrowser({ lists, onExport, onRemove, onTune, onImport }: Props) {
  const { prompts, models, tasks } = lists
  const [view, setView] = useView('prompts', promptsViewSchema)
  const [filters, setFilters] = useState<PromptFilters>(noFilters)
  const [opened, open] = useOpened()
  /** The key of an empty cell that was opened. */
  const [empty, setEmpty] = useState<string | null>(null)
  const isMatrix = view.shows === 'matrix'
  const matrix = useMemo(() => promptMatrix(lists, filters), [lists, filters])
  const cells = useMemo(
    () => matrix.groups.flatMap(({ items }) => items.flatMap((row) => row.cells)),
    [matrix]
  )
  const passing = useMemo(() => prompts.filter((prompt) => passes(prompt, filters)), [prompts, filters])
  const shown = prompts.find(({ id }) => id === opened)
  const missing = shown === undefined ? cells.find(({ key }) => key === empty && isMatrix) : undefined
  const own = cells.find((cell) => cell.prompts.some(({ id }) => id === opened))
  const openCell = (cell: MatrixCell): void => {
    const [first] = cell.prompts
    setEmpty(first === undefined ? cell.key : null)
    open(first?.id ?? null)
  }
  const nothing = isMatrix ? cells.length === 0 : passing.length === 0
  return (
    <>
      <PromptFilterBar
        shownAs={
          <SegmentedControl
            size="xs"
            aria-label="Shown as"
            data={[
              { value: 'matrix', label: 'Matrix' },
              { value: 'list', label: 'List' }
            ]}
            value={view.shows}
            onChange={(shows) => setView({ shows })}
          />
        }
        filters={filters}
        onFilters={setFilters}
        models={[...prompts.map(({ model }) => model.name), ...models.map(({ report }) => report.name)]}
        relations={[...prompts.map(({ relation }) => relation), ...tasks.map(({ summary }) => summary.name)]}
      />
      {isMatrix && !nothing && (
        <PromptMatrixTable matrix={matrix} shown={(missing ?? own)?.key ?? null} onOpen={openCell} />
      )}
      {!isMatrix && (
        <PromptTable
          prompts={passing}
          total={prompts.length}
          onShow={show}
          onExport={onExport}
          onRemove={onRemove}
        />
      )}
      {nothing && (
        <Text className="quiet">
          No prompt passes these filters.{' '}
          <Button size="compact-sm" variant="default" onClick={() => setFilters(noFilters)}>
            Show all
          </Button>
        </Text>
      )}
      {shown !== undefined && (
        <Inspector title={shown.name} onClose={() => open(null)}>
          {isMatrix && own !== undefined && own.prompts.length > 1 && (
            <Select
              mb="sm"
              label={`Of ${own.prompts.length} prompts for ${own.relation}`}
              searchable
              allowDeselect={false}
              data={own.prompts.map((prompt, index) => ({
                value: prompt.id,
                label: `${index + 1}. ${promptLabel(prompt)}`
              }))}
              value={shown.id}
              onChange={open}
            />
          )}
          <PromptDetails key={shown.id} summary={shown} />
        </Inspector>
      )}
      {missing !== undefined && (
        <Inspector title={`${missing.relation} · ${missing.model.name}`} onClose={() => setEmpty(null)}>
          <MissingPrompt cell={missing} tasks={tasks} onTune={onTune} onImport={onImport} />
        </Inspector>
      )}
    </>
  )
}
