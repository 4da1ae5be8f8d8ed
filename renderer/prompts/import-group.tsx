/** The prompts of one model among what was found: which to import, for which model, and how many of their vectors. */
import { Alert, Checkbox, Group, NumberInput, Select, Stack, Table, Title } from '@mantine/core'
import { count } from '#engine/common/format/count.ts'
import { candidateKey, type ImportGroup, shortPath } from './import-groups.ts'

export type GroupChoice = {
  readonly modelId: string | null
  /** Only the first rows; null: all. */
  readonly vectors: number | null
  /** Keys of the candidates to import. */
  readonly chosen: ReadonlySet<string>
}

type Props = {
  group: ImportGroup
  /** Where it was looked. */
  place: string
  choice: GroupChoice
  onChoice: (choice: GroupChoice) => void
}

export function ImportGroupView({ group, place, choice, onChoice }: Props) {
  const { candidates, fitting, modelName, width } = group
  const { chosen } = choice
  const title = `${count(candidates.length)} of width ${count(width)}${modelName === null ? '' : `, for ${modelName}`}`
  const toggle = (key: string): void => {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    onChoice({ ...choice, chosen: next })
  }
  const toggleAll = (all: boolean): void =>
    onChoice({ ...choice, chosen: new Set(all ? candidates.map(candidateKey) : []) })
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={3} size="h5" className="breakable">
        {title}
      </Title>
      {fitting.length === 0 && (
        <Alert color="yellow" variant="light">
          No model of the project is {count(width)} wide. Add the model that these prompts were tuned on
          first.
        </Alert>
      )}
      <Group align="start">
        <Select
          label="Tuned on"
          placeholder={fitting.length === 0 ? 'no model of this width' : 'choose a model'}
          disabled={fitting.length === 0}
          data={fitting.map(({ id, report }) => ({ value: id, label: report.name }))}
          value={choice.modelId}
          onChange={(modelId) => onChoice({ ...choice, modelId })}
          flex={1}
          miw={220}
        />
        <NumberInput
          label="Max. vectors"
          description={group.rowsMustBeChosen ? 'As many as the template has: 5 in the paper.' : undefined}
          required={group.rowsMustBeChosen}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={group.rowsMustBeChosen ? 'how many' : 'all'}
          min={1}
          allowDecimal={false}
          value={choice.vectors ?? ''}
          onChange={(value) =>
            onChoice({ ...choice, vectors: typeof value === 'number' && value >= 1 ? value : null })
          }
          w={220}
        />
      </Group>
      <Table.ScrollContainer
        minWidth={640}
        maxHeight={280}
        scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      >
        <Table stickyHeader aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Checkbox
                  label="Import"
                  checked={chosen.size === candidates.length}
                  indeterminate={chosen.size > 0 && chosen.size < candidates.length}
                  onChange={({ currentTarget }) => toggleAll(currentTarget.checked)}
                />
              </Table.Th>
              <Table.Th>File</Table.Th>
              <Table.Th>Format</Table.Th>
              <Table.Th className="numeric">Vectors</Table.Th>
              <Table.Th>Warnings</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {candidates.map((candidate) => {
              const key = candidateKey(candidate)
              return (
                <Table.Tr key={key}>
                  <Table.Td className="breakable">
                    <Checkbox
                      label={candidate.relation ?? candidate.part}
                      checked={chosen.has(key)}
                      onChange={() => toggle(key)}
                    />
                  </Table.Td>
                  <Table.Td className="breakable">{shortPath(candidate.path, place)}</Table.Td>
                  <Table.Td>{candidate.format}</Table.Td>
                  <Table.Td className="numeric">{candidate.shape[0]}</Table.Td>
                  <Table.Td>{candidate.warnings.join(' ')}</Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  )
}
