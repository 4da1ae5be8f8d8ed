/** What a run answered, example by example: the wrong ones first, more on demand. */
import { Button, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

const page = 20
const shownWords = 3

export function RunAnswers({ id }: { id: string }) {
  const { call } = useWorkbench()
  const [shown, setShown] = useState(page)
  const predictions = useQuery({
    queryKey: ['predictions', id],
    queryFn: () => call('runs.predictions', { id })
  })
  return (
    <Stack gap={4}>
      <Title order={2} size="h5">
        Answers
      </Title>
      <Answer query={predictions}>
        {(list) => (
          <>
            <Table aria-label="Answers" fz="xs" verticalSpacing={2}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Example</Table.Th>
                  <Table.Th className="numeric">Rank</Table.Th>
                  <Table.Th>Best words</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list
                  .toSorted((a, b) => b.rank - a.rank)
                  .slice(0, shown)
                  .map(({ example, input, label, rank, top }) => (
                    <Table.Tr key={example}>
                      <Table.Td className="breakable">{`${input ?? example} → ${label ?? '–'}`}</Table.Td>
                      <Table.Td className="numeric">{rank}</Table.Td>
                      <Table.Td className="breakable">
                        {top
                          .slice(0, shownWords)
                          .map(({ word }) => word)
                          .join(', ')}
                      </Table.Td>
                    </Table.Tr>
                  ))}
              </Table.Tbody>
            </Table>
            {list.length > shown && (
              <Button size="compact-xs" variant="subtle" onClick={() => setShown(shown + 5 * page)}>
                {`Show more of ${count(list.length)}`}
              </Button>
            )}
            {list.length === 0 && (
              <Text size="sm" className="quiet">
                None was kept.
              </Text>
            )}
          </>
        )}
      </Answer>
    </Stack>
  )
}
