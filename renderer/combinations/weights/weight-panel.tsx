/** The weights of the set in focus over all relations at once: accuracy, what is missing, and the best by relation. */
import { Loader, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { TableData } from '#engine/common/format/table.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { percent } from '#renderer/components/numbers.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { useModelMarks } from '#renderer/connection/model-marks.ts'
import { Chart } from '#renderer/figures/chart.tsx'
import { countedOnce } from '#renderer/runs/average-choice.tsx'
import type { Scope } from '#renderer/runs/scope.ts'
import type { AccuracyKind } from '../combinations-view.ts'
import { orderOfSet } from '../set-order.ts'
import type { Answers } from '../source-sets.ts'
import { useAnswers } from '../use-answers.ts'
import { QueueMixtures } from './queue-mixtures.tsx'
import { RelationWeights } from './relation-weights.tsx'
import { weightFigure } from './weight-figure.ts'
import { runsOfMixtures, type WeightedSet, weightedSet } from './weighted-sets.ts'

type Props = {
  scope: Scope
  /** Of the set in focus, two at least. */
  members: readonly string[]
  relations: readonly string[]
  /** Those of the scope; what else is needed is asked for. */
  answers: Answers
  by: AccuracyKind
  lists: Lists
}

function tableOf({ mixtures, examples }: WeightedSet, members: readonly string[]): TableData {
  return {
    columns: [...members.map((member) => `weight of ${member}`), 'accuracy', '95 % low', '95 % high', 'N'],
    rows: mixtures
      .toSorted((a, b) => (b.shares[0] ?? 0) - (a.shares[0] ?? 0))
      .map(({ shares, accuracy, interval }) => [
        ...shares.map((share) => Number(share.toFixed(4))),
        accuracy,
        interval?.low ?? null,
        interval?.high ?? null,
        examples
      ])
  }
}

/** What the figure says in a sentence. */
function summaryOf(
  { mixtures, missing, examples }: WeightedSet,
  members: readonly string[],
  relations: number,
  { metric, average }: AccuracyKind,
  split: string
): string {
  const [best] = mixtures.toSorted((a, b) => b.accuracy - a.accuracy)
  const over = `${metric} over ${count(relations)} relations, ${count(examples)} examples, ${countedOnce[average]}.`
  if (best === undefined) return `${over} No mixture was run on all of them yet.`
  const marks = members.length === 3 ? '' : ' Bars are 95 % intervals of the difference to equal weights.'
  const place = members.map((member, index) => `${member} ${best.shares[index]?.toFixed(2)}`).join(', ')
  const told =
    mixtures.length === 1
      ? `Only ${place} was run.`
      : `Highest ${percent(best.accuracy)} at ${place}: the best of ${count(mixtures.length)} on these same examples, so too high by chance; chosen on ${split}: not zero-shot.${marks}`
  return `${over} ${told}${missing.length === 0 ? '' : members.length === 3 ? ' Small rings: not run.' : ' Ticks on the axis: not run.'}`
}

export function WeightPanel({ scope, members, relations, answers: known, by, lists }: Props) {
  const markOf = useModelMarks()
  const { metric, average } = by
  const runs = useMemo(() => runsOfMixtures(scope.all, members, relations), [scope, members, relations])
  const unknown = useMemo(() => runs.filter(({ id }) => !known.has(id)), [runs, known])
  const { answers, read, total, error } = useAnswers(unknown)
  const set = useMemo(() => {
    if (answers === null) return null
    const all = answers.size === 0 ? known : new Map([...known, ...answers])
    return weightedSet(runs, members, relations, all, metric, average === 'macro')
  }, [answers, known, runs, members, relations, metric, average])
  const figure = useMemo(
    () => (set === null || set.mixtures.length === 0 ? null : weightFigure(set, members, markOf)),
    [set, members, markOf]
  )
  const order = useMemo(() => {
    const all = orderOfSet(scope, members, relations, lists)
    return set === null || all === null ? null : { ...all, mixtures: set.missing.map((one) => [...one]) }
  }, [set, members, scope, relations, lists])
  if (error !== null) return <ErrorReport error={error} />
  if (set === null)
    return (
      <Text size="sm" role="status">
        <Loader size="xs" mr="xs" />
        {`Reading the answers of ${read} of ${total} relations …`}
      </Text>
    )
  const split = scope.runs[0]?.split ?? 'test'
  return (
    <Stack gap="xs" component="section" aria-label="Weights over all relations">
      {figure !== null && (
        <Chart
          title={`Weights of ${members.join(', ')}`}
          summary={summaryOf(set, members, relations.length, by, split)}
          table={tableOf(set, members)}
          {...figure}
        />
      )}
      <QueueMixtures key={members.join()} order={order} missing={set.missing.length} />
      {set.choice !== null && (
        <RelationWeights choice={set.choice} members={members} mixtures={set.mixtures.length} split={split} />
      )}
    </Stack>
  )
}
