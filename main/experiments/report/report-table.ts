/** A table of a report, before it is HTML, LaTeX or CSV. */

import type { TableData } from '#engine/common/format/table.ts'
import type { Interval } from '#engine/common/statistics/bootstrap.ts'
import type { Spread } from '#engine/common/statistics/spread.ts'

/** Figures are shares; what is published is in percent, as it was printed. */
export type TableCell = {
  readonly spread: Spread
  readonly interval: Interval
  /** Better or worse than what it is compared with, significantly. */
  readonly mark: '↑' | '↓' | ''
  /** Among what was transferred across models in this column. */
  readonly rank: 'best' | 'second' | null
  /** Transferred to the model that it was tuned on. */
  readonly self: boolean
  readonly published: number | null
  /** Cells of it have not been run. */
  readonly incomplete: boolean
  /** Chosen by data of the target. */
  readonly validated: boolean
  /** Refined with inputs of the target, without labels. */
  readonly refined: boolean
}

export type TableRow = { readonly label: string; readonly cells: readonly (TableCell | null)[] }

export type ReportTable = {
  /** Names its files. */
  readonly id: string
  readonly title: string
  readonly caption: string
  /** What the first column and the others hold. */
  readonly rowHead: string
  readonly columns: readonly string[]
  readonly groups: readonly { readonly heading: string | null; readonly rows: readonly TableRow[] }[]
  readonly legend: readonly string[]
  /** Everything that is known of every cell, one a row, with full precision. */
  readonly records: TableData
}

/** What stands raised behind the mean. */
export function marksOf({ mark, incomplete, validated, refined }: TableCell): string {
  return `${mark}${incomplete ? '†' : ''}${validated ? 'V' : ''}${refined ? 'U' : ''}`
}

/** A share as a percentage with two decimals, as the paper prints it. */
export function percentage(share: number): string {
  return (100 * share).toFixed(2)
}
