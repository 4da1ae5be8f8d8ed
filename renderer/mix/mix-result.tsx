/** The figures of a mixture: matching per vector and source at once, the nearest words a moment later. */
import { List, Stack, Table, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { mix } from '../../engine/contract/mixing.ts'
import type { MixOrder } from '../../preload/contract/mix-methods.ts'
import { Answer } from '../components/screen.tsx'
import { useWorkbench } from '../connection/workbench.tsx'
import type { MixLists } from './mix-choice.ts'

const pauseMilliseconds = 250

type Props = { order: MixOrder; lists: MixLists }

export function MixResult({ order, lists }: Props) {
  const { call } = useWorkbench()
  // The basis knows no weights: the same for every mixture of these sources.
  const unweighted = { ...order, sources: order.sources.map((source) => ({ ...source, weight: 1 })) }
  const basis = useQuery({
    queryKey: ['mix', 'basis', unweighted],
    queryFn: ({ signal }) => call('mix.basis', unweighted, { signal })
  })
  const [settled] = useDebouncedValue(order, pauseMilliseconds)
  const transfer = useQuery({
    queryKey: ['mix', 'transfer', settled],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('mix.transfer', settled, { signal })
  })
  const names = order.sources.map(
    ({ promptId }) => lists.prompts.find(({ id }) => id === promptId)?.model.name ?? promptId
  )
  const columns = names.map((name, source) => ({ key: `${source} ${name}`, name, source }))
  const nearest = transfer.data?.report.vectors
  return (
    <Stack>
      <Answer query={basis}>
        {(solved) => {
          const weights = order.sources.map(({ weight }) => weight)
          const total = weights.reduce((sum, weight) => sum + weight, 0)
          const { vectors } = mix(solved, weights)
          const mean = vectors.reduce((sum, { matching }) => sum + matching, 0) / vectors.length / total
          return (
            <>
              <Text size="xl" fw={700} role="status">
                Mean matching {mean.toFixed(4)}
              </Text>
              <Table aria-label="Matching">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Vector</Table.Th>
                    <Table.Th className="numeric">Matching</Table.Th>
                    {columns.map(({ key, name }) => (
                      <Table.Th key={key} className="numeric">
                        {name}
                      </Table.Th>
                    ))}
                    <Table.Th className="numeric">Expressible</Table.Th>
                    <Table.Th>Nearest words</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {vectors
                    .map((vector, index) => ({ vector, index, name: `V${index + 1}` }))
                    .map(({ vector, index, name }) => (
                      <Table.Tr key={name}>
                        <Table.Th scope="row">{name}</Table.Th>
                        <Table.Td className="numeric">{(vector.matching / total).toFixed(4)}</Table.Td>
                        {columns.map(({ key, source }) => (
                          <Table.Td key={key} className="numeric">
                            {vector.perSource[source]?.toFixed(4)}
                          </Table.Td>
                        ))}
                        <Table.Td className="numeric">{vector.expressible.toFixed(4)}</Table.Td>
                        <Table.Td className="breakable">
                          {nearest?.[index]?.nearestWords
                            .slice(0, 5)
                            .map(({ token }) => token)
                            .join(', ')}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                </Table.Tbody>
              </Table>
            </>
          )
        }}
      </Answer>
      <Answer query={transfer}>
        {({ report, device, seconds }) => (
          <Stack gap={4}>
            <Title order={2} size="h5">
              The transfer
            </Title>
            <Text size="sm">
              {report.anchorsUsed} anchors, effective rank {report.effectiveRank.toFixed(1)}, on {device} in{' '}
              {seconds.toFixed(2)} s
            </Text>
            <List size="sm">
              {report.notes.map((note) => (
                <List.Item key={note}>{note}</List.Item>
              ))}
            </List>
          </Stack>
        )}
      </Answer>
    </Stack>
  )
}
