/** What models answered: one row per evaluation, newest first until sorted otherwise. */
import { useMemo } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { EvaluationEntry } from '#preload/contract/task-methods.ts'
import { percent } from '#renderer/components/numbers.ts'
import { type TableColumn, VirtualTable } from '#renderer/components/virtual-table.tsx'

type Props = {
  evaluations: readonly EvaluationEntry[]
  /** What stood in the template, where it was a prompt that the project still has. */
  nameOf?: (evaluation: EvaluationEntry) => string | null
}

function interval({ scores }: EvaluationEntry): string {
  const { accuracy, accuracyInterval } = scores
  return `${percent(accuracy)} [${(100 * accuracyInterval.low).toFixed(1)}, ${(100 * accuracyInterval.high).toFixed(1)}]`
}

function columnsOf(nameOf: Props['nameOf']): TableColumn<EvaluationEntry>[] {
  const asked: TableColumn<EvaluationEntry> = {
    key: 'asked',
    title: 'Asked with',
    grow: 4,
    value: (evaluation) => nameOf?.(evaluation) ?? evaluation.condition
  }
  return [
    { key: 'task', title: 'Task', grow: 3, value: ({ task }) => task },
    { key: 'model', title: 'Model', grow: 4, value: ({ model }) => model },
    ...(nameOf === undefined ? [] : [asked]),
    {
      key: 'accuracy',
      title: 'P@1 [95 %]',
      grow: 5,
      value: ({ scores }) => scores.accuracy,
      show: interval,
      isNumber: true
    },
    {
      key: 'at10',
      title: 'P@10',
      grow: 2,
      value: ({ scores }) => scores.precisionAt10,
      show: ({ scores }) => percent(scores.precisionAt10),
      isNumber: true
    },
    {
      key: 'rank',
      title: 'MRR',
      grow: 2,
      value: ({ scores }) => scores.meanReciprocalRank,
      show: ({ scores }) => scores.meanReciprocalRank.toFixed(3),
      isNumber: true
    },
    {
      key: 'examples',
      title: 'N',
      grow: 2,
      value: ({ scores }) => scores.examples,
      show: ({ scores }) => count(scores.examples),
      isNumber: true
    },
    { key: 'split', title: 'Split', grow: 2, value: ({ split }) => split }
  ]
}

export function EvaluationTable({ evaluations, nameOf }: Props) {
  const columns = useMemo(() => columnsOf(nameOf), [nameOf])
  return (
    <VirtualTable
      label="Evaluations"
      items={evaluations}
      columns={columns}
      minWidth={nameOf === undefined ? 620 : 860}
    />
  )
}
