/** The figure of source sets as a table: for CSV, LaTeX and whoever can't look. */
import type { TableData } from '#engine/common/format/table.ts'
import type { SetFigureData } from './figure-layout.ts'

const share = (value: number): number => Number((100 * value).toFixed(2))

/** Accuracies and differences in percent and points, a row per set that was run. */
export function setTable({ combinations, sets, relations, reference }: SetFigureData): TableData {
  const rows = sets.map(({ name, accuracy, macro, interval, gain, overBest, letters }, index) => [
    name,
    share(accuracy),
    share(interval.low),
    share(interval.high),
    combinations.examples.length,
    share(macro),
    gain === null ? null : share(gain.difference),
    gain === null ? null : share(gain.low),
    gain === null ? null : share(gain.high),
    gain === null ? null : gain.adjusted,
    overBest === null ? null : share(overBest),
    letters || null,
    ...relations.map(({ cells }) => share(cells[index]?.accuracy ?? 0))
  ])
  const references = combinations.references.map(({ name, accuracy, macro, scores }) => [
    name,
    share(accuracy),
    null,
    null,
    scores.length,
    share(macro),
    ...Array.from({ length: 6 + relations.length }, () => null)
  ])
  return {
    columns: [
      'sources',
      'accuracy (micro)',
      '95 % low',
      '95 % high',
      'N',
      'accuracy (macro)',
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
