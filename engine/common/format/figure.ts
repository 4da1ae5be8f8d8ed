/**
 * A figure as data: panels side by side, each with series over one pair of axes. The report and the window draw it,
 * each with its own library.
 */

export type Point = {
  /** A number, or the name of a category where the axis has categories. */
  readonly x: number | string
  readonly y: number
  /** Drawn as an error bar. */
  readonly interval: { readonly low: number; readonly high: number } | null
}

/** Lines join the points in the order given. */
export type Series = { readonly label: string; readonly points: readonly Point[] }

/** A series has the same colour and marker in every panel, so labels are unique within one. */
export type Panel = { readonly title: string | null; readonly series: readonly Series[] }

export type NumberAxis = {
  readonly label: string
  /** Of the values as they are given, such as `%`; null where they have none. */
  readonly unit: string | null
  /** High values at the left. */
  readonly reversed?: boolean
}

export type CategoryAxis = { readonly label: string; readonly categories: readonly string[] }

export type FigureDefinition = {
  readonly title: string
  /** Points joined by lines, points alone, or bars side by side. */
  readonly marks: 'lines' | 'points' | 'bars'
  readonly x: NumberAxis | CategoryAxis
  readonly y: NumberAxis
  /** With different titles where there are several. */
  readonly panels: readonly Panel[]
}

/** The label of an axis with its unit. */
export function axisTitle(axis: NumberAxis | CategoryAxis): string {
  return 'categories' in axis || axis.unit === null ? axis.label : `${axis.label} in ${axis.unit}`
}

/** The labels of all series, each once, in the order that colours and markers are given in. */
export function seriesLabels({ panels }: FigureDefinition): string[] {
  return [...new Set(panels.flatMap(({ series }) => series.map(({ label }) => label)))]
}
