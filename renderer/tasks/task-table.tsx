/** The tasks of the project: what each holds, its template, and whether its files are still there. */
import { Badge, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import { SelectionBar } from '#renderer/components/selection-bar.tsx'
import { type ChosenRows, type TableColumn, VirtualTable } from '#renderer/components/virtual-table.tsx'
import { goTo } from '#renderer/connection/address.ts'

type Props = { tasks: readonly TaskEntry[]; onRemove: (tasks: readonly TaskEntry[]) => void }

function placeOf({ source }: TaskEntry): string {
  return source.kind === 'relation' ? source.folder : Object.values(source.files).join(', ')
}

/** `N-1 relation`, where that is known. */
export function kindText({ kind, relation }: TaskEntry['summary']): string {
  return relation?.kind === null || relation === null ? kind : `${relation.kind} ${kind}`
}

function examples(key: 'train' | 'dev' | 'test'): TableColumn<TaskEntry> {
  return {
    key,
    title: key[0]?.toUpperCase() + key.slice(1),
    grow: 2,
    value: ({ summary }) => summary.examples[key],
    show: ({ summary }) => count(summary.examples[key]),
    isNumber: true
  }
}

const columns: readonly TableColumn<TaskEntry>[] = [
  {
    key: 'name',
    title: 'Name',
    grow: 4,
    value: ({ summary }) => summary.name,
    show: ({ id, summary, missing }) => (
      <>
        <UnstyledButton className="name" onClick={() => goTo('/tasks', id)}>
          {summary.name}
        </UnstyledButton>{' '}
        {missing && (
          <Badge color="red" variant="light" size="sm" tt="none">
            files are missing
          </Badge>
        )}
      </>
    )
  },
  { key: 'label', title: 'Label', grow: 4, value: ({ summary }) => summary.relation?.label ?? null },
  { key: 'kind', title: 'Kind', grow: 3, value: ({ summary }) => kindText(summary) },
  examples('train'),
  examples('dev'),
  examples('test'),
  {
    key: 'candidates',
    title: 'Candidates',
    grow: 3,
    value: ({ summary }) => summary.candidates,
    show: ({ summary }) => (summary.candidates === null ? 'all' : count(summary.candidates)),
    isNumber: true
  },
  { key: 'template', title: 'Template', grow: 6, value: ({ summary }) => summary.template },
  { key: 'place', title: 'Files', grow: 5, value: placeOf }
]

export function TaskTable({ tasks, onRemove }: Props) {
  const [chosen, setChosen] = useState<ChosenRows>({})
  const picked = tasks.filter(({ id }) => chosen[id] === true)
  const notes = tasks.flatMap(({ summary }) => summary.notes.map((note) => `${summary.name}: ${note}`))
  const missing = tasks.filter((task) => task.missing).length
  return (
    <>
      <SelectionBar
        text={`${count(tasks.length)} ${tasks.length === 1 ? 'task' : 'tasks'}`}
        chosen={picked.length}
        actions={[
          {
            label: 'Remove',
            act: () => {
              setChosen({})
              onRemove(picked)
            }
          }
        ]}
      />
      <VirtualTable
        label="Tasks"
        items={tasks}
        columns={columns}
        minWidth={980}
        chosen={chosen}
        onChosen={setChosen}
        nameOf={({ summary }) => summary.name}
      />
      {missing > 0 && (
        <Text size="sm">
          {count(missing)} {missing === 1 ? 'task has' : 'tasks have'} files that are not where they were. Add
          them again from where they are now: a task of the same content takes its new place.
        </Text>
      )}
      {notes.length > 0 && (
        <Text size="sm" className="quiet breakable">
          {notes.slice(0, 5).join(' ')}
          {notes.length > 5 && ` And ${count(notes.length - 5)} more remarks.`}
        </Text>
      )}
    </>
  )
}
