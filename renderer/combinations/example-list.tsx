/** The examples of a relation by what became of them in a set, with the answers of the set and of the reference. */
import { Button, Select, Stack, Table, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeptPrediction } from '#engine/common/contract/runs.ts'
import { count } from '#engine/common/format/count.ts'
import type { Fates } from '#engine/common/statistics/set-comparison.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { Combinations, TriedSet } from './source-sets.ts'

export const fateLabels: Readonly<Record<keyof Fates, string>> = {
  bothRight: 'Right here and in the reference',
  gained: 'Right here alone',
  lost: 'Right in the reference alone',
  rescued: 'Rescued by mixing: wrong in every source alone',
  broken: 'Broken by mixing: right in a source alone'
}

const kinds = ['rescued', 'broken', 'gained', 'lost', 'bothRight'] as const
const page = 6

type Props = {
  combinations: Combinations
  one: TriedSet
  reference: TriedSet
  fates: Fates
  relation: string
}

/** The predictions of a set's run for a relation, by example; empty until they are there. */
function usePredictions(sets: readonly TriedSet[], relation: string): ReadonlyMap<string, KeptPrediction>[] {
  const { call } = useWorkbench()
  const ids = sets.map(({ runs }) => runs.find((run) => run.relation === relation)?.id)
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['predictions', id ?? ''],
      enabled: id !== undefined,
      queryFn: () => call('runs.predictions', { id: id ?? '' })
    })),
    combine: (results) =>
      results.map(({ data = [] }) => new Map(data.map((prediction) => [prediction.example, prediction])))
  })
}

export function ExampleList({ combinations: { examples }, one, reference, fates, relation }: Props) {
  const within = (kind: keyof Fates): readonly number[] =>
    fates[kind].filter((at) => examples[at]?.relation === relation)
  const [chosen, setChosen] = useState<keyof Fates | null>(null)
  const [shown, setShown] = useState(page)
  const kind = chosen ?? kinds.find((name) => within(name).length > 0) ?? 'bothRight'
  const [here = new Map(), there = new Map()] = usePredictions([one, reference], relation)
  const places = within(kind)
  return (
    <Stack gap={4}>
      <Select
        size="xs"
        label="Examples"
        allowDeselect={false}
        data={kinds.map((name) => ({ value: name, label: `${fateLabels[name]} (${within(name).length})` }))}
        value={kind}
        onChange={(value) => {
          setChosen(kinds.find((name) => name === value) ?? null)
          setShown(page)
        }}
      />
      {places.length === 0 ? (
        <Text size="xs" className="quiet">
          None of this relation.
        </Text>
      ) : (
        <Table aria-label="Examples" verticalSpacing={2} fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Example</Table.Th>
              <Table.Th>Here</Table.Th>
              <Table.Th>Reference</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {places.slice(0, shown).map((at) => {
              const id = examples[at]?.id ?? ''
              const [answer, other] = [here.get(id), there.get(id)]
              return (
                <Table.Tr key={id}>
                  <Table.Td className="breakable">
                    {answer?.input ?? id} → {answer?.label ?? '–'}
                  </Table.Td>
                  <Table.Td>{answer?.top[0]?.word ?? '–'}</Table.Td>
                  <Table.Td>{other?.top[0]?.word ?? '–'}</Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      )}
      {places.length > shown && (
        <Button size="compact-xs" variant="subtle" onClick={() => setShown(shown + page)}>
          {`Show more of ${count(places.length)}`}
        </Button>
      )}
    </Stack>
  )
}
