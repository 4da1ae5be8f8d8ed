/** The best weights of each relation, and what choosing them is worth on examples that had no say. */
import { ScrollArea, Stack, Table, Text, Title } from '@mantine/core'
import { useMemo } from 'react'
import { count } from '#engine/common/format/count.ts'
import { percent } from '#renderer/components/numbers.ts'
import { points } from '../set-marks.tsx'
import type { WeightedSet, Worth } from './weighted-sets.ts'

type Props = {
  choice: NonNullable<WeightedSet['choice']>
  members: readonly string[]
  mixtures: number
  /** Whose labels choose. */
  split: string
}

/** A part of its own, so that a page which draws between frames has them between two of these. */
function WorthText({ of }: { of: () => Worth }) {
  const { difference, low, high } = useMemo(of, [of])
  return `${points(difference)} points (95 % ${points(low)} to ${points(high)})`
}

export function RelationWeights({
  choice: { once, perRelation, relations },
  members,
  mixtures,
  split
}: Props) {
  return (
    <Stack gap={4} component="section" aria-label="Best weights by relation">
      <Title order={3} size="h6">
        Best weights by relation
      </Title>
      <Text size="sm">
        {`Chosen by labels of the ${split} split: not zero-shot. The best of ${mixtures} on few examples is too high by chance. Chosen on nine tenths of the examples and scored on the tenth that had no say, weights per relation are worth `}
        <WorthText of={perRelation} /> against equal weights, one choice for all relations{' '}
        <WorthText of={once} />.
      </Text>
      <ScrollArea.Autosize
        mah={280}
        type="auto"
        viewportProps={{ tabIndex: 0, 'aria-label': 'Best weights by relation' }}
      >
        <Table aria-label="Best weights by relation" verticalSpacing={2} fz="xs" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Relation</Table.Th>
              <Table.Th className="numeric">N</Table.Th>
              <Table.Th>{`Best weights (${members.join(' : ')})`}</Table.Th>
              <Table.Th className="numeric">there</Table.Th>
              <Table.Th className="numeric">equal weights</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {relations.map(({ relation, count: examples, best, accuracy, equal }) => (
              <Table.Tr key={relation}>
                <Table.Th scope="row">{relation}</Table.Th>
                <Table.Td className="numeric">{count(examples)}</Table.Td>
                <Table.Td>
                  {accuracy === equal ? 'equal' : best.map((share) => share.toFixed(2)).join(' : ')}
                </Table.Td>
                <Table.Td className="numeric">{percent(accuracy)}</Table.Td>
                <Table.Td className="numeric">{percent(equal)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </Stack>
  )
}
