/** The set in focus: its gain with the test, what became of the examples, and the sources vector by vector. */
import { Button, Group, Select, Stack, Table, Title } from '@mantine/core'
import { useState } from 'react'
import { type Fates, fatesOf, level } from '#engine/common/statistics/set-comparison.ts'
import { type Fact, FactTable } from '#renderer/components/fact-table.tsx'
import { percent, probability } from '#renderer/components/numbers.ts'
import { ExampleList, fateLabels } from './example-list.tsx'
import { points } from './set-figure.tsx'
import type { Combinations, ComparedSet } from './source-sets.ts'
import { VectorTable } from './vector-table.tsx'

type Props = {
  combinations: Combinations
  one: ComparedSet
  reference: ComparedSet
  /** Opens the set in Mix for a relation; null where the project no longer holds what it takes. */
  onMix: ((relation: string) => void) | null
}

function factsOf({ accuracy, interval, gain, overBest }: ComparedSet, reference: ComparedSet): Fact[] {
  const facts: Fact[] = [
    ['Accuracy', `${percent(accuracy)} (95 % ${percent(interval.low)} to ${percent(interval.high)})`]
  ]
  if (gain !== null) {
    const { difference, low, high, test, adjusted } = gain
    facts.push(
      [`Against ${reference.name}`, `${points(difference)} points (95 % ${points(low)} to ${points(high)})`],
      [
        test.kind === 'mcnemar' ? 'McNemar' : 'McNemar, clustered by example',
        `${test.firstBetter} only here right, ${test.secondBetter} only there; ${probability(adjusted)} with Holm’s correction${adjusted < level ? '' : ': may be noise'}`
      ]
    )
  }
  if (overBest !== null) facts.push(['Over its best member', `${points(overBest)} points`])
  return facts
}

export function FocusPanel({ combinations, one, reference, onMix }: Props) {
  const fates = fatesOf(one, reference, combinations.tried)
  const [relation, setRelation] = useState<string | null>(null)
  const shown = combinations.relations.find((name) => name === relation) ?? combinations.relations[0]
  return (
    <Stack gap="xs" component="section" aria-label="Set in focus">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2} size="h6" className="breakable">
          {one.name}
        </Title>
        <Button
          flex="none"
          size="compact-xs"
          variant="default"
          disabled={onMix === null || shown === undefined}
          onClick={() => onMix?.(shown ?? '')}
        >
          Open in Mix
        </Button>
      </Group>
      <FactTable label="Accuracy and gain" facts={factsOf(one, reference)} />
      <Counts fates={fates} isMixed={one.members.length > 1} />
      <Select
        size="xs"
        label="Relation"
        searchable
        allowDeselect={false}
        data={[...combinations.relations]}
        value={shown ?? null}
        onChange={setRelation}
      />
      {shown !== undefined && (
        <>
          <VectorTable one={one} relation={shown} />
          <ExampleList
            key={`${one.name} ${shown}`}
            combinations={combinations}
            one={one}
            reference={reference}
            fates={fates}
            relation={shown}
          />
        </>
      )}
    </Stack>
  )
}

function Counts({ fates, isMixed }: { fates: Fates; isMixed: boolean }) {
  const kinds = isMixed
    ? (['bothRight', 'gained', 'lost', 'rescued', 'broken'] as const)
    : (['bothRight', 'gained', 'lost'] as const)
  return (
    <Table aria-label="What became of the examples" verticalSpacing={2} fz="xs">
      <Table.Tbody>
        {kinds.map((kind) => (
          <Table.Tr key={kind}>
            <Table.Th scope="row" fw={400}>
              {fateLabels[kind]}
            </Table.Th>
            <Table.Td className="numeric">{fates[kind].length}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
