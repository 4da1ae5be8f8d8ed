/** Where the parts of the figure of source sets stand, in pixels of the screen or points of paper. */

import type { RelationDifference } from '#engine/common/statistics/set-comparison.ts'
import type { Look } from '#renderer/figures/look.ts'
import type { KindGroup } from '#renderer/tasks/relation-kinds.ts'
import type { Combinations, ComparedSet, Reference, SuggestedSet } from './source-sets.ts'

export type SetFigureData = {
  readonly combinations: Combinations
  readonly sets: readonly ComparedSet[]
  /** Sets that were not tried, shown behind the others. */
  readonly suggested: readonly SuggestedSet[]
  /** By their kind, where that is known. */
  readonly relationGroups: readonly KindGroup<RelationDifference>[]
  readonly reference: ComparedSet
}

export type FigureLayout = {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly column: number
  /** Where the last column ends. */
  readonly end: number
  readonly row: number
  /** The accuracies between top and bottom. */
  readonly top: number
  readonly bottom: number
  readonly low: number
  readonly high: number
  /** Where the rows of sources and of relations begin. */
  readonly members: number
  readonly cells: number
  /** Where the row of each relation begins, in the order of their groups. */
  readonly relationRows: readonly number[]
  /** What stands above a group, and where its row begins. */
  readonly headings: readonly { readonly text: string; readonly y: number }[]
  /** The middle of a column. */
  readonly x: (index: number) => number
  readonly y: (accuracy: number) => number
}

/** Columns of a screen are so wide at least and at most, in letters' heights. */
const [narrowest, widest] = [1.4, 12]
const plotHeight = 15

function bounds({ sets, suggested }: SetFigureData, references: readonly Reference[]): [number, number] {
  const values = [
    ...sets.flatMap(({ accuracy, interval }) => [accuracy, interval.low, interval.high]),
    ...suggested.map(({ mean }) => mean),
    ...references.map(({ accuracy }) => accuracy)
  ]
  const low = Math.max(0, Math.floor(Math.min(...values) * 10) / 10)
  const high = Math.min(1, Math.ceil(Math.max(...values) * 10) / 10)
  // A difference of a point is to look like one: never less than twenty points high.
  return high - low < 0.2 ? [Math.max(0, high - 0.2), Math.max(high, 0.2)] : [low, high]
}

/** Width of a text, about. */
function textWidth(text: string, { size }: Look): number {
  return text.length * size * 0.56
}

/** All relations, in the order of their groups. */
export function relationsOf({ relationGroups }: SetFigureData): RelationDifference[] {
  return relationGroups.flatMap(({ items }) => items)
}

/** Rows one below the other, with a heading above every group where the kind of some relation is known. */
function rowsOf(groups: SetFigureData['relationGroups'], top: number, row: number) {
  const hasHeadings = groups.some(({ kind }) => kind !== null)
  const relationRows: number[] = []
  const headings: { text: string; y: number }[] = []
  let bottom = top
  for (const { kind, items } of groups) {
    if (hasHeadings) {
      headings.push({ text: `${kind ?? 'other'} (${items.length})`, y: bottom })
      bottom += row
    }
    for (const _ of items) {
      relationRows.push(bottom)
      bottom += row
    }
  }
  return { relationRows, headings, bottom }
}

/** @param available the width that there is; more is taken where the columns would get too narrow */
export function layoutOf(data: SetFigureData, look: Look, available: number): FigureLayout {
  const { combinations, sets, suggested, relationGroups } = data
  const { size } = look
  const relations = relationsOf(data)
  const labels = [...combinations.sources, ...relations.map(({ relation }) => `${relation} 000`)]
  const left = Math.max(...labels.map((label) => textWidth(label, look)), 4 * size) + size
  const right =
    Math.max(...combinations.references.map(({ name }) => textWidth(`${name} 00.0 %`, look)), size) + size
  const columns = sets.length + suggested.length
  const column = Math.min(widest * size, Math.max(narrowest * size, (available - left - right) / columns))
  const row = 1.5 * size
  const top = 2 * size
  const bottom = top + plotHeight * size
  const members = bottom + 2 * size
  const cells = members + combinations.sources.length * row + 2.5 * size
  const [low, high] = bounds(data, combinations.references)
  const { relationRows, headings, bottom: end } = rowsOf(relationGroups, cells, row)
  return {
    width: left + columns * column + right,
    height: end + size,
    left,
    column,
    end: left + columns * column,
    row,
    top,
    bottom,
    low,
    high,
    members,
    cells,
    relationRows,
    headings,
    x: (index) => left + (index + 0.5) * column,
    y: (accuracy) => bottom - ((accuracy - low) / (high - low)) * (bottom - top)
  }
}
