/** Everything that is known of measurements as plain rows, for CSV files: shares, not percent, with full precision. */
import type { Cell, TableData } from '#engine/common/format/table.ts'
import type { Comparison } from './comparisons.ts'
import { describeSetting, describeSources } from './conditions.ts'
import type { Measurement } from './measure.ts'
import { type PublishedTasks, publishedFigure } from './published.ts'

type Column = readonly [
  name: string,
  cell: (measurement: Measurement, comparison: Comparison | undefined, published: PublishedTasks) => Cell
]

const columns: readonly Column[] = [
  ['method', ({ condition }) => condition.method],
  ['sources', ({ condition }) => describeSources(condition.sources)],
  ['target', ({ condition }) => condition.target],
  ['tasks', ({ condition }) => condition.taskSet],
  ['length', ({ condition }) => condition.length],
  ['anchors', ({ condition }) => condition.anchors],
  ['mask', ({ condition }) => (condition.mask === null ? null : describeSetting(condition, 'mask'))],
  ['centre', ({ condition }) => (condition.anchors === null ? null : condition.centre)],
  ['rescale', ({ condition }) => condition.rescale],
  ['mean', ({ spread }) => spread.mean],
  ['standard deviation over seeds', ({ spread }) => spread.standardDeviation],
  ['seeds', ({ spread }) => spread.count],
  ['95 % low', ({ interval }) => interval.low],
  ['95 % high', ({ interval }) => interval.high],
  ['macro average', ({ macro }) => macro],
  ['task count', ({ tasks }) => tasks],
  ['examples', ({ examples }) => examples],
  ['matching', ({ matching }) => matching],
  ['retrieval hit@1', ({ retrieval }) => retrieval?.hit1 ?? null],
  ['retrieval hit@10', ({ retrieval }) => retrieval?.hit10 ?? null],
  ['retrieval cosine', ({ retrieval }) => retrieval?.cosine ?? null],
  [
    'published in %',
    ({ condition }, _comparison, published) => publishedFigure(condition, published)?.accuracy ?? null
  ],
  ['compared with', (_measurement, comparison) => comparison?.with ?? null],
  ['difference', (_measurement, comparison) => comparison?.difference.difference ?? null],
  ['difference 95 % low', (_measurement, comparison) => comparison?.difference.low ?? null],
  ['difference 95 % high', (_measurement, comparison) => comparison?.difference.high ?? null],
  ['bootstrap p', (_measurement, comparison) => comparison?.difference.p ?? null],
  ['examples better', (_measurement, comparison) => comparison?.test.firstBetter ?? null],
  ['examples worse', (_measurement, comparison) => comparison?.test.secondBetter ?? null],
  ['McNemar exact p', (_measurement, comparison) => comparison?.test.exact ?? null],
  ['test', (_measurement, comparison) => comparison?.test.kind ?? null],
  ['p', (_measurement, comparison) => comparison?.test.p ?? null],
  ['p after Holm', (_measurement, comparison) => comparison?.adjusted ?? null],
  ['cells done', ({ done }) => done],
  ['cells planned', ({ planned }) => planned],
  ['chosen by target data', ({ validated }) => (validated ? 'yes' : 'no')],
  ['unlabelled inputs of the target', ({ refined }) => refined?.inputs ?? null],
  ['steps on the target', ({ refined }) => refined?.steps ?? null],
  ['seconds', ({ seconds }) => seconds]
]

/** One row per measurement. */
export function recordsOf(
  measurements: readonly Measurement[],
  comparisons: ReadonlyMap<Measurement, Comparison>,
  published: PublishedTasks
): TableData {
  return {
    columns: columns.map(([name]) => name),
    rows: measurements.map((measurement) =>
      columns.map(([, cell]) => cell(measurement, comparisons.get(measurement), published))
    )
  }
}
