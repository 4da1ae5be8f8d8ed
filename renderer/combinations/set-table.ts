/** The figure of source sets as a table: for CSV, LaTeX and whoever can't look. */
import type { TableData } from '#engine/common/format/table.ts'
import { averageKinds } from '#engine/common/statistics/average.ts'
import { relationsOf, type SetFigureData } from './figure-layout.ts'

const share = (value: number): number => Number((100 * value).toFixed(2))

/** Accuracies and differences in percent and points, a row per set that was run. */
export function setTable(data: SetFigureData): TableData {
  const { combinations, sets, reference } = data
  const relations = relationsOf(data)
  const [shown, other] = combinations.strata === null ? averageKinds : averageKinds.toReversed()
  const rows = sets.map(({ name, accuracy, averages, interval, gain, overBest, letters }, index) => [
    name,
    share(accuracy),
    share(interval.low),
    share(interval.high),
    combinations.examples.length,
    share(averages[other]),
    gain === null ? null : share(gain.difference),
    gain === null ? null : share(gain.low),
    gain === null ? null : share(gain.high),
    gain === null ? null : gain.adjusted,
    overBest === null ? null : share(overBest),
    letters || null,
    ...relations.map(({ cells }) => share(cells[index]?.accuracy ?? 0))
  ])
  const references = combinations.references.map(({ name, accuracy, averages, scores }) => [
    name,
    share(accuracy),
    null,
    null,
    scores.length,
    share(averages[other]),
    ...Array.from({ length: 6 + relations.length }, () => null)
  ])
  return {
    columns: [
      'sources',
      `accuracy (${shown})`,
      '95 % low',
      '95 % high',
      'N',
      `accuracy (${other})`,
      `points against ${reference.name}`,
      'low',
      'high',
      'p (Holm)',
      'over best member',
      'letters',
      ...relations.map(({ relation }) => relation)
    ],
    rows: [...rows, ...references]
  }
}
