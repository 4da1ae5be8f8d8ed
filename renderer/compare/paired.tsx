/** Two configurations relation by relation: a paired dot plot with its test, and the examples where they disagree. */
import { Alert, Button, Group, ScrollArea, Select, Stack, Table, Text, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import type { Data } from 'plotly.js'
import { useMemo, useState } from 'react'
import type { KeptPrediction } from '#engine/common/contract/runs.ts'
import { count } from '#engine/common/format/count.ts'
import { categoryColour } from '#engine/common/format/palette.ts'
import {
  type AverageKind,
  average,
  averageTest,
  bootstrapAverageInterval,
  strataOf
} from '#engine/common/statistics/average.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { probability } from '#renderer/components/numbers.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Chart } from '#renderer/figures/chart.tsx'
import { countedOnce } from '#renderer/runs/average-choice.tsx'
import { ChosenNote } from './chosen-note.tsx'
import { configurations, pairByRelation, type RelationPair } from './compare-data.ts'
import { axisFormat, type CompareView } from './compare-view.ts'
import { type Disagreement, disagreements, type PairedAnswers, pairedScores } from './paired-predictions.ts'

type Props = {
  runs: readonly RunEntry[]
  view: CompareView
  onView: (change: Partial<CompareView>) => void
}

export function Paired({ runs, view, onView }: Props) {
  const groups = useMemo(() => configurations(runs), [runs])
  const names = [...groups.keys()]
  const left = view.left !== null && groups.has(view.left) ? view.left : names[0]
  const right = view.right !== null && groups.has(view.right) ? view.right : otherOfTarget(groups, left)
  const pairs = useMemo(
    () =>
      pairByRelation(groups.get(left ?? '') ?? [], groups.get(right ?? '') ?? []).filter(
        (pair) => pair.left.scores !== null && pair.right.scores !== null
      ),
    [groups, left, right]
  )
  if (left === undefined || right === undefined) return null
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        Paired comparison
      </Title>
      <Group grow>
        <Select
          label="A"
          searchable
          allowDeselect={false}
          data={names}
          value={left}
          onChange={(value) => onView({ left: value })}
        />
        <Select
          label="B"
          searchable
          allowDeselect={false}
          data={names}
          value={right}
          onChange={(value) => onView({ right: value })}
        />
      </Group>
      <ChosenNote runs={pairs.flatMap((pair) => [pair.left, pair.right])} />
      {pairs.length === 0 ? (
        <Text className="quiet">
          They have no relation in common that both were evaluated on. Evaluate their runs on a task first.
        </Text>
      ) : (
        <PairedPictures pairs={pairs} left={left} right={right} average={view.average} />
      )}
    </Stack>
  )
}

/** Another configuration, for the same target where there is one. */
function otherOfTarget(
  groups: ReadonlyMap<string, readonly RunEntry[]>,
  left: string | undefined
): string | undefined {
  const target = groups.get(left ?? '')?.[0]?.target
  const others = [...groups].filter(([name]) => name !== left)
  return (others.find(([, runs]) => runs[0]?.target === target) ?? others[0])?.[0]
}

type PicturesProps = {
  pairs: readonly RelationPair[]
  left: string
  right: string
  average: AverageKind
}

function PairedPictures({ pairs, left, right, average }: PicturesProps) {
  const answers = usePredictions(pairs)
  const picture = useMemo(() => dotPlot(pairs, left, right), [pairs, left, right])
  const summary = useMemo(
    () => (answers === null ? 'Reading the predictions …' : testText(answers, average)),
    [answers, average]
  )
  return (
    <>
      <Chart
        title="Accuracy by relation"
        summary={summary}
        height={Math.max(220, 90 + 20 * pairs.length)}
        {...picture}
      />
      {answers !== null && <Examples found={disagreements(answers)} left={left} right={right} />}
    </>
  )
}

/** The predictions of every pair; null until all are there. */
function usePredictions(pairs: readonly RelationPair[]): readonly PairedAnswers[] | null {
  const { call } = useWorkbench()
  const ids = pairs.flatMap(({ left, right }) => [left.id, right.id])
  const read = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['predictions', id],
      queryFn: () => call('runs.predictions', { id })
    })),
    combine: (results) => results.map(({ data }) => data)
  })
  return useMemo(() => {
    const all = pairs.flatMap(({ relation }, index) => {
      const [left, right] = [read[2 * index], read[2 * index + 1]]
      return left === undefined || right === undefined ? [] : [{ relation, left, right }]
    })
    return all.length === pairs.length ? all : null
  }, [pairs, read])
}

function testText(answers: readonly PairedAnswers[], kind: AverageKind): string {
  const { first, second, relationOf } = pairedScores(answers)
  if (first.length === 0) return 'They were asked no example in common.'
  const strata = kind === 'macro' ? strataOf(relationOf) : null
  const { firstBetter, secondBetter, p } = averageTest(first, second, strata)
  const differences = first.map((score, at) => score - (second[at] ?? 0))
  const { low, high } = bootstrapAverageInterval(differences, strata)
  const difference = average(differences, strata)
  const test = strata === null ? 'McNemar' : 'Paired test of the weighted examples'
  const points = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`
  return `A − B = ${points(difference)} points (95 % ${points(low)} to ${points(high)}) over ${count(first.length)} examples of ${count(answers.length)} relations, ${count(2 * answers.length)} runs, ${countedOnce[kind]}. ${test}: only A right ${firstBetter}, only B right ${secondBetter}, ${strata === null ? 'mid-' : ''}${probability(p)}.`
}

function dotPlot(pairs: readonly RelationPair[], left: string, right: string) {
  const relations = pairs.map(({ relation }) => relation)
  const accuracy = (run: RunEntry): number => run.scores?.accuracy ?? 0
  const [first, second] = [
    pairs.map((pair) => accuracy(pair.left)),
    pairs.map((pair) => accuracy(pair.right))
  ]
  const traces: Data[] = [
    {
      type: 'scatter',
      mode: 'lines',
      x: pairs.flatMap((_, index) => [first[index] ?? null, second[index] ?? null, null]),
      y: relations.flatMap((relation) => [relation, relation, null]),
      line: { color: '#868e96', width: 2 },
      hoverinfo: 'skip',
      showlegend: false
    },
    ...[first, second].map(
      (values, index): Data => ({
        type: 'scatter',
        mode: 'markers',
        name: index === 0 ? left : right,
        x: values,
        y: relations,
        marker: { color: categoryColour(index), symbol: index === 0 ? 'circle' : 'diamond', size: 10 },
        hovertemplate: '%{y}: %{x:.1%}<extra>%{fullData.name}</extra>'
      })
    )
  ]
  return {
    traces,
    layout: {
      xaxis: { title: { text: 'accuracy' }, ...axisFormat.accuracy },
      yaxis: { autorange: 'reversed' as const, type: 'category' as const },
      showlegend: true,
      margin: { l: 120, r: 12, t: 10, b: 40 }
    },
    table: {
      columns: ['relation', left, right, 'difference'],
      rows: relations.map((relation, index) => [
        relation,
        first[index] ?? null,
        second[index] ?? null,
        (first[index] ?? 0) - (second[index] ?? 0)
      ])
    }
  }
}

const page = 50

function Examples({ found, left, right }: { found: readonly Disagreement[]; left: string; right: string }) {
  const [side, setSide] = useState<string>('all')
  const [last, setLast] = useState(page)
  const shown = found.filter(({ rightSide }) => side === 'all' || rightSide === side)
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={3} size="h6">
          Where they disagree
        </Title>
        <Select
          size="xs"
          w={220}
          allowDeselect={false}
          aria-label="Which disagreements"
          data={[
            { value: 'all', label: `All (${found.length})` },
            { value: 'left', label: 'Only A is right' },
            { value: 'right', label: 'Only B is right' }
          ]}
          value={side}
          onChange={(value) => setSide(value ?? 'all')}
        />
      </Group>
      {shown.length === 0 && <Alert color="gray">None: every example is answered alike.</Alert>}
      <ScrollArea.Autosize
        mah={420}
        type="auto"
        viewportProps={{ tabIndex: 0, 'aria-label': 'Examples where they disagree' }}
      >
        <Table aria-label="Examples where they disagree" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Example</Table.Th>
              <Table.Th>{left}</Table.Th>
              <Table.Th>{right}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.slice(0, last).map(({ relation, example, first, second }) => (
              <Table.Tr key={`${relation} ${example}`}>
                <Table.Td>
                  {first.input ?? second.input ?? example}
                  <Text size="xs" className="quiet">
                    {relation}: {first.label ?? second.label ?? '–'}
                  </Text>
                </Table.Td>
                <AnswerCell prediction={first} />
                <AnswerCell prediction={second} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {shown.length > last && (
        <Button size="compact-sm" variant="subtle" onClick={() => setLast(last + 4 * page)}>
          {`Show more of ${count(shown.length)}`}
        </Button>
      )}
    </Stack>
  )
}

/** A word with its probability, where that was kept. */
function answerText({ word, probability }: KeptPrediction['top'][number]): string {
  return probability === null ? word : `${word} ${(100 * probability).toFixed(0)} %`
}

function AnswerCell({ prediction: { rank, top } }: { prediction: KeptPrediction }) {
  return (
    <Table.Td>
      <Text size="sm" fw={rank === 1 ? 700 : 400}>
        {rank === 1 ? '✓ right' : `rank ${rank}`}
      </Text>
      <Text size="xs">{top.map(answerText).join(', ')}</Text>
    </Table.Td>
  )
}
