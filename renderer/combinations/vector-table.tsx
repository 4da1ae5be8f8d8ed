/** Vector by vector how far each source agrees with what was found, and the words that it lies near to. */
import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { TriedSet } from './source-sets.ts'

type Props = { one: TriedSet; relation: string }

export function VectorTable({ one, relation }: Props) {
  const { call } = useWorkbench()
  const run = one.runs.find((candidate) => candidate.relation === relation)
  const { data } = useQuery({
    queryKey: ['runs', 'get', run?.id ?? ''],
    enabled: run !== undefined,
    queryFn: () => call('runs.get', { id: run?.id ?? '' })
  })
  if (run === undefined || data === undefined || data.report === null) return null
  const vectors = data.report.vectors.map((vector, index) => ({ name: `V${index + 1}`, ...vector }))
  return (
    <div>
      <Table aria-label="Agreement by vector and source" verticalSpacing={2} fz="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Vector</Table.Th>
            {run.sources.map(({ model }) => (
              <Table.Th key={model} className="numeric">
                {model}
              </Table.Th>
            ))}
            <Table.Th>Nearest words</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {vectors.map(({ name, perSource, nearestWords }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              {run.sources.map(({ model }, source) => (
                <Table.Td key={model} className="numeric">
                  {perSource[source] === undefined
                    ? '–'
                    : `${perSource[source].toFixed(3)}${perSource[source] < 0 ? ' (against)' : ''}`}
                </Table.Td>
              ))}
              <Table.Td className="breakable">
                {nearestWords
                  .slice(0, 3)
                  .map(({ token }) => token)
                  .join(', ')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" className="quiet">
        Cosine of a source’s code with that of the vector found. Compare it within one set only.
      </Text>
    </div>
  )
}
