/** The set in focus: its gain with the test, what became of the examples, and the sources vector by vector. */
import { Select, Stack, Table } from '@mantine/core'
import { count } from '#engine/common/format/count.ts'
import type { PairedTest } from '#engine/common/statistics/paired-test.ts'
import { type Fates, fatesOf, level } from '#engine/common/statistics/set-comparison.ts'
import { type Fact, FactTable } from '#renderer/components/fact-table.tsx'
import { percent, probability } from '#renderer/components/numbers.ts'
import { ExampleList, fateLabels } from './example-list.tsx'
import { points } from './set-marks.tsx'
import type { Combinations, ComparedSet } from './source-sets.ts'
import { VectorTable } from './vector-table.tsx'

type Props = {
  combinations: Combinations
  one: ComparedSet
  reference: ComparedSet
  /** Of the relations, the one whose vectors and examples are shown. */
  relation: string
  onRelation: (relation: string) => void
}

const testNames: Record<PairedTest['kind'], string> = {
  mcnemar: 'McNemar',
  clustered: 'McNemar, clustered by example',
  weighted: 'Paired test, each relation once'
}

function factsOf(
  { accuracy, averages, interval, gain, overBest, runs }: ComparedSet,
  reference: ComparedSet,
  { relations: { length: relations }, strata }: Combinations
): Fact[] {
  const kind = strata === null ? 'micro' : 'macro'
  const shown = `${percent(accuracy)} (95 % ${percent(interval.low)} to ${percent(interval.high)})`
  const other = kind === 'micro' ? 'macro' : 'micro'
  const facts: Fact[] = [
    [`Accuracy (${kind})`, shown],
    [
      `Accuracy (${other})`,
      `${percent(averages[other])}${other === 'macro' ? `, the mean of ${count(relations)} relations` : ''}`
    ]
  ]
  if (gain !== null) {
    const { difference, low, high, test, adjusted } = gain
    facts.push(
      [`Against ${reference.name}`, `${points(difference)} points (95 % ${points(low)} to ${points(high)})`],
      [
        testNames[test.kind],
        `${test.firstBetter} only here right, ${test.secondBetter} only there; ${probability(adjusted)} with Holm’s correction${adjusted < level ? '' : ': may be noise'}`
      ]
    )
  }
  const chosenOn = runs.flatMap((run) => run.chosenOn ?? [])[0]
  if (chosenOn !== undefined)
    facts.push(['Chosen', `on ${chosenOn.split}, the best of ${count(chosenOn.among)}: not zero-shot`])
  if (overBest !== null) facts.push(['Over its best member', `${points(overBest)} points`])
  return facts
}

export function FocusPanel({ combinations, one, reference, relation, onRelation }: Props) {
  const fates = fatesOf(one, reference, combinations.tried)
  return (
    <Stack gap="xs" component="section" aria-label="Set in focus">
      <FactTable label="Accuracy and gain" facts={factsOf(one, reference, combinations)} />
      <Counts fates={fates} isMixed={one.members.length > 1} />
      <Select
        size="xs"
        label="Relation"
        searchable
        allowDeselect={false}
        data={[...combinations.relations]}
        value={relation}
        onChange={(name) => name !== null && onRelation(name)}
      />
      <VectorTable one={one} relation={relation} />
      <ExampleList
        key={`${one.name} ${relation}`}
        combinations={combinations}
        one={one}
        reference={reference}
        fates={fates}
        relation={relation}
      />
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
