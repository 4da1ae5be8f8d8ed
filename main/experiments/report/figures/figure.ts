/** A figure of a report: a picture, the data that it shows, and what they say. */
import type { TableData } from '#engine/common/format/table.ts'
import type { Chart } from '../charts/chart.ts'

export type ReportFigure = {
  /** Names its files. */
  readonly id: string
  readonly title: string
  readonly caption: string
  readonly chart: Chart
  /** Shares, not percent, with full precision. */
  readonly data: TableData
}

/** In percent, as axes show it. */
export function inPercent(share: number): number {
  return 100 * share
}

/** A correlation with two digits. */
export function shortCorrelation(value: number): string {
  return value.toFixed(2).replace('-', '−')
}
