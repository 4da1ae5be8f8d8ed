/** The prompts of the project in a table; those that are ticked are exported or removed. */
import { UnstyledButton } from '@mantine/core'
import { useMemo, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import { SelectionBar } from '#renderer/components/selection-bar.tsx'
import { type ChosenRows, type TableColumn, VirtualTable } from '#renderer/components/virtual-table.tsx'
import { origins } from './prompt-filters.ts'

type Props = {
  /** Those that pass the filter. */
  prompts: readonly PromptSummary[]
  /** How many the project has. */
  total: number
  onShow: (prompt: PromptSummary) => void
  onExport: (prompts: readonly PromptSummary[]) => void
  onRemove: (prompts: readonly PromptSummary[]) => void
}

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' })

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

export function PromptTable({ prompts, total, onShow, onExport, onRemove }: Props) {
  const [chosen, setChosen] = useState<ChosenRows>({})
  const columns = useMemo(() => columnsOf(onShow), [onShow])
  const picked = prompts.filter(({ id }) => chosen[id] === true)
  return (
    <>
      <SelectionBar
        text={`${count(prompts.length)} of ${count(total)}`}
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
      {prompts.length > 0 && (
        <VirtualTable
          label="Prompts"
          items={prompts}
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
