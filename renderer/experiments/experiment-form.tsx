/** An experiment file as a form: what most experiments differ in. Everything else is in the YAML, which both are views of. */
import { Alert, Group, MultiSelect, Select, Stack, Table, Text } from '@mantine/core'
import { useModels } from '#renderer/connection/queries.ts'
import { ExperimentTasks } from './experiment-tasks.tsx'
import { type ExperimentOutline, outlineOf, withSetting } from './experiment-text.ts'
import { readValue, TypedInput } from './typed-input.tsx'

/** The sets of sources that have a name. */
const namedSets = [
  { value: 'each', label: 'One by one' },
  { value: 'pairs', label: 'All pairs' },
  { value: 'subsets', label: 'All sets' }
]

type Props = { text: string; onChange: (text: string) => void }

export default function ExperimentForm({ text, onChange }: Props) {
  const outline = outlineOf(text)
  if (outline === null)
    return (
      <Alert color="red" variant="light" role="alert">
        The file is no YAML of settings: mend it in the YAML view, where the mistake is marked.
      </Alert>
    )
  const set = (path: readonly (string | number)[], value: unknown): void =>
    onChange(withSetting(text, path, value))
  return (
    <Stack gap="sm">
      <General outline={outline} set={set} />
      <Models outline={outline} onChange={onChange} text={text} />
      <Group grow align="flex-start">
        <MultiSelect
          label="Sources"
          description="Models whose prompts are transferred"
          data={outline.models}
          value={outline.sources}
          onChange={(value) => set(['sources'], value)}
        />
        <MultiSelect
          label="Targets"
          description="Models that they are transferred to"
          data={outline.models}
          value={outline.targets}
          onChange={(value) => set(['targets'], value)}
        />
      </Group>
      <ExperimentTasks outline={outline} onChange={onChange} text={text} />
      <Sections outline={outline} onChange={onChange} text={text} />
      <Text size="xs" className="quiet">
        Prompts, settings of methods and what a section varies are in the YAML.
      </Text>
    </Stack>
  )
}

type PartProps = {
  outline: ExperimentOutline
  set: (path: readonly (string | number)[], value: unknown) => void
}

function General({ outline: { name, seeds, settings }, set }: PartProps) {
  return (
    <Group grow align="flex-start">
      <TypedInput label="Name" value={name} onDone={(value) => set(['name'], value)} />
      <TypedInput
        label="Seeds"
        value={seeds.join(', ')}
        placeholder="1"
        onDone={(value) => set(['seeds'], value.split(',').map(readValue))}
      />
      <TypedInput
        label="Anchors"
        value={settings.anchors === null ? '' : `${settings.anchors}`}
        placeholder="all"
        onDone={(value) => set(['settings', 'anchors'], value === '' ? undefined : readValue(value))}
      />
      <TypedInput
        label="Vectors per prompt"
        value={settings.length === null ? '' : `${settings.length}`}
        placeholder="5"
        onDone={(value) => set(['settings', 'length'], value === '' ? undefined : readValue(value))}
      />
    </Group>
  )
}

/** The models of the file; those of the project can be taken into it, by their folders. */
function Models({ outline, text, onChange }: Props & { outline: ExperimentOutline }) {
  const { data: registered = [] } = useModels()
  const folders = new Map(registered.map(({ report, reference }) => [report.name, reference.folder]))
  const change = (wanted: readonly string[]): void => {
    const added = wanted.filter((name) => !outline.models.includes(name))
    const removed = outline.models.filter((name) => !wanted.includes(name))
    const without = removed.reduce((now, name) => withSetting(now, ['models', name], undefined), text)
    onChange(
      added.reduce((now, name) => withSetting(now, ['models', name], folders.get(name) ?? name), without)
    )
  }
  return (
    <MultiSelect
      label="Models"
      description="Those of the file, and of the project"
      searchable
      data={[...new Set([...outline.models, ...folders.keys()])]}
      value={outline.models}
      onChange={change}
    />
  )
}

function Sections({
  outline: { sections, methods, tasks },
  text,
  onChange
}: Props & Pick<PartProps, 'outline'>) {
  const set = (place: number, key: string, value: unknown): void =>
    onChange(withSetting(text, ['sections', place, key], value))
  return (
    <Table aria-label="Sections" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Section</Table.Th>
          <Table.Th>Methods</Table.Th>
          <Table.Th>Tasks</Table.Th>
          <Table.Th>Sets of sources</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sections
          .map((section, place) => ({ ...section, place }))
          .map(({ name, methods: chosen, tasks: asked, sources, place }) => (
            <Table.Tr key={place}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td>
                <MultiSelect
                  aria-label={`Methods of ${name}`}
                  data={methods}
                  value={chosen}
                  onChange={(value) => set(place, 'methods', value)}
                />
              </Table.Td>
              <Table.Td>
                <MultiSelect
                  aria-label={`Tasks of ${name}`}
                  placeholder={asked.length === 0 ? 'all' : ''}
                  data={tasks.map((task) => task.name)}
                  value={asked}
                  onChange={(value) => set(place, 'tasks', value.length === 0 ? undefined : value)}
                />
              </Table.Td>
              <Table.Td>
                <Select
                  aria-label={`Sets of sources of ${name}`}
                  allowDeselect={false}
                  data={
                    sources === null
                      ? [...namedSets, { value: 'written', label: 'As written in the YAML' }]
                      : namedSets
                  }
                  value={sources ?? 'written'}
                  onChange={(value) => value !== 'written' && set(place, 'sources', value)}
                />
              </Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  )
}
