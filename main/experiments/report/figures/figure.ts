/** A figure of a report: what is drawn, the data that it shows, and what they say. */
import type { FigureDefinition, Point } from '#engine/common/format/figure.ts'
import type { TableData } from '#engine/common/format/table.ts'
import type { Interval } from '#engine/common/statistics/bootstrap.ts'

export type ReportFigure = {
  /** Names its files. */
  readonly id: string
  readonly caption: string
  readonly definition: FigureDefinition
  /** Shares, not percent, with full precision. */
  readonly data: TableData
}

/** A share with its interval, in percent as axes show it. */
export function percentPoint(x: Point['x'], share: number, interval: Interval | null): Point {
  return {
    x,
    y: 100 * share,
    interval: interval === null ? null : { low: 100 * interval.low, high: 100 * interval.high }
  }
}

/** A correlation with two digits. */
export function shortCorrelation(value: number): string {
  return value.toFixed(2).replace('-', '−')
}
