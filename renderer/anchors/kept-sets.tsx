/** The sets that were kept by name: what each holds and why, and their removal. */
import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { count } from '#engine/common/format/count.ts'
import type { AnchorSetSummary } from '#preload/contract/anchor-methods.ts'
import { FactTable } from '#renderer/components/fact-table.tsx'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import { Answer, Inspector } from '#renderer/components/screen.tsx'
import { useOpened } from '#renderer/connection/address.ts'
import { useAnchorSets } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { AuditTable } from './audit-table.tsx'
import { WordList } from './word-list.tsx'

export function KeptSets() {
  const { call } = useWorkbench()
  const sets = useAnchorSets()
  const [opened, open] = useOpened()
  const shown = sets.data?.find(({ id }) => id === opened)
  const removal = useRemoval(
    ({ id }: AnchorSetSummary) => call('anchors.remove', { id }),
    ({ name }) => ({ title: `${name} was removed`, text: 'Runs keep their manifests.' })
  )
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        Kept sets
      </Title>
      <Answer query={sets}>
        {(list) =>
          list.length === 0 ? (
            <Text className="quiet">
              Sets that you keep are listed here and can be chosen for a transfer.
            </Text>
          ) : (
            <Table aria-label="Kept sets">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th className="numeric">Anchors</Table.Th>
                  <Table.Th>SHA-256 of the list</Table.Th>
                  <Table.Th aria-label="Actions" />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.map((set) => (
                  <Table.Tr key={set.id}>
                    <Table.Th scope="row" className="breakable">
                      {set.name}
                    </Table.Th>
                    <Table.Td className="numeric">{count(set.count)}</Table.Td>
                    <Table.Td>{set.hash.slice(0, 12)}…</Table.Td>
                    <Table.Td>
                      <Group gap="xs" justify="flex-end" wrap="nowrap">
                        <Button
                          size="compact-sm"
                          variant="default"
                          aria-label={`Show ${set.name}`}
                          onClick={() => open(set.id)}
                        >
                          Show
                        </Button>
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          aria-label={`Remove ${set.name}`}
                          onClick={() => removal.remove(set)}
                        >
                          Remove
                        </Button>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Answer>
      <RemovalNotice removal={removal} />
      {shown !== undefined && (
        <Inspector title={shown.name} onClose={() => open(null)}>
          <SetDetails id={shown.id} />
        </Inspector>
      )}
    </Stack>
  )
}

function SetDetails({ id }: { id: string }) {
  const { call } = useWorkbench()
  const set = useQuery({ queryKey: ['anchors', 'one', id], queryFn: () => call('anchors.get', { id }) })
  return (
    <Answer query={set}>
      {({ anchors, hash, recipe, audit }) => (
        <Stack>
          <FactTable
            label="Facts"
            facts={[
              ['Anchors', count(anchors.length)],
              ['SHA-256', hash],
              ['Rule', recipe?.rule ?? null],
              ['Case', recipe?.casePolicy ?? null]
            ]}
          />
          <WordList anchors={anchors} />
          {audit !== null && <AuditTable audit={audit} />}
        </Stack>
      )}
    </Answer>
  )
}
