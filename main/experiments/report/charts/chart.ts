/** A picture as data: panels side by side, each with series over one pair of axes. */

export type Point = { readonly x: number; readonly y: number; readonly low?: number; readonly high?: number }
export type Series = { readonly label: string; readonly points: readonly Point[] }

export type Axis = {
  readonly label: string
  /** Where given, `x` is a place in this list. */
  readonly categories?: readonly string[]
  /** High values at the left. */
  readonly reversed?: boolean
}

export type Chart = {
  /** Points joined by lines, points alone, or bars side by side. */
  readonly kind: 'lines' | 'points' | 'bars'
  readonly x: Axis
  readonly y: Axis
  readonly panels: readonly { readonly title: string | null; readonly series: readonly Series[] }[]
}

/** The labels of all series, each once. */
export function seriesLabels({ panels }: Chart): string[] {
  return [...new Set(panels.flatMap(({ series }) => series.map(({ label }) => label)))]
}
