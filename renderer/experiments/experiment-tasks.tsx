/** The tasks of an experiment file in its form: its sets of tasks, which relations of each, how many examples, and those of the project. */
import { MultiSelect, Stack, Table, Text } from '@mantine/core'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import { useTasks } from '#renderer/connection/queries.ts'
import { type ExperimentOutline, withSetting } from './experiment-text.ts'
import { placeOf, taskSetsOf } from './task-sets.ts'
import { readValue, TypedInput } from './typed-input.tsx'

type Props = {
  text: string
  onChange: (text: string) => void
  outline: ExperimentOutline
}

export function ExperimentTasks({ text, onChange, outline: { tasks } }: Props) {
  const { data: registered = [] } = useTasks()
  const known = new Map(taskSetsOf(registered).map(({ name, setting }) => [name, setting]))
  const names = tasks.map(({ name }) => name)
  const change = (wanted: readonly string[]): void => {
    const removed = names.filter((name) => !wanted.includes(name))
    const added = wanted.filter((name) => !names.includes(name))
    const without = removed.reduce((now, name) => withSetting(now, ['tasks', name], undefined), text)
    onChange(added.reduce((now, name) => withSetting(now, ['tasks', name], known.get(name)), without))
  }
  return (
    <Stack gap={4}>
      <MultiSelect
        label="Tasks"
        description="Those of the file, and of the project"
        searchable
        data={[...new Set([...names, ...known.keys()])]}
        value={names}
        onChange={change}
      />
      {tasks.length > 0 && (
        <Table aria-label="Tasks" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Tasks</Table.Th>
              <Table.Th>Relations</Table.Th>
              <Table.Th>Max. examples</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tasks.map((task) => (
              <TaskRow
                key={task.name}
                task={task}
                onSet={(key, value) => onChange(withSetting(text, ['tasks', task.name, key], value))}
                registered={registered}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  )
}

type RowProps = {
  task: ExperimentOutline['tasks'][number]
  onSet: (key: 'only' | 'limit', value: unknown) => void
  registered: readonly TaskEntry[]
}

function TaskRow({ task: { name, kind, folder, only, limit }, onSet, registered }: RowProps) {
  const lie = registered.flatMap(({ source }) => {
    const place = source.kind === 'relation' ? placeOf(source.folder) : null
    return place !== null && folder !== '' && place.folder.endsWith(folder) ? [place.name] : []
  })
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {name}
      </Table.Th>
      <Table.Td>
        {kind === 'relations' ? (
          <MultiSelect
            aria-label={`Relations of ${name}`}
            placeholder={only.length === 0 ? 'all of the folder' : ''}
            searchable
            data={[...new Set([...only, ...lie])].sort()}
            value={only}
            onChange={(value) => onSet('only', value.length === 0 ? undefined : value)}
          />
        ) : (
          <Text size="sm" className="quiet">
            labelled texts
          </Text>
        )}
      </Table.Td>
      <Table.Td w={130}>
        <TypedInput
          hiddenLabel={`Max. examples of ${name}`}
          value={limit === null ? '' : `${limit}`}
          placeholder="all"
          onDone={(value) => onSet('limit', value === '' ? undefined : readValue(value))}
        />
      </Table.Td>
    </Table.Tr>
  )
}
