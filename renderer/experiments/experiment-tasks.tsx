/** The tasks of an experiment file in its form: its sets of tasks, which relations of each, how many examples, and those of the project. */
import { MultiSelect, Stack, Table, Text } from '@mantine/core'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import { useTasks } from '#renderer/connection/queries.ts'
import { type ExperimentOutline, withSetting } from './experiment-text.ts'
import { readValue, TypedInput } from './typed-input.tsx'

/** A folder and what lies in it, of paths as they are written on any system. */
function placeOf(path: string): { folder: string; name: string } {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return { folder: path.slice(0, Math.max(0, cut)), name: path.slice(cut + 1) }
}

type TaskSet = { readonly name: string; readonly setting: object }

function relationSet(folder: string, tasks: readonly TaskEntry[], source: TaskSource): TaskSet {
  const { metainfo, commonVocabulary } = source.kind === 'relation' ? source : {}
  const only = tasks.map(({ source: own }) => (own.kind === 'relation' ? placeOf(own.folder).name : ''))
  return {
    name: placeOf(folder).name,
    setting: {
      kind: 'relations',
      folder,
      ...(metainfo === undefined ? {} : { metainfo }),
      ...(commonVocabulary ? { commonVocabulary } : {}),
      only: only.toSorted()
    }
  }
}

/** What the project has registered, as sets of tasks of a file: relations that lie in one folder are one. */
export function taskSetsOf(tasks: readonly TaskEntry[]): TaskSet[] {
  const folders = new Map<string, TaskEntry[]>()
  const sets: TaskSet[] = []
  for (const task of tasks) {
    const { source } = task
    if (source.kind === 'relation') {
      const { folder } = placeOf(source.folder)
      folders.set(folder, [...(folders.get(folder) ?? []), task])
    } else {
      const { name, ...setting } = source
      sets.push({ name, setting })
    }
  }
  const relations = [...folders].flatMap(([folder, own]) =>
    own[0] === undefined ? [] : relationSet(folder, own, own[0].source)
  )
  return [...relations, ...sets]
}

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
