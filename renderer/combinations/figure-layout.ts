/** Where the parts of the figure of source sets stand, in pixels of the screen or points of paper. */

import type { RelationDifference } from '#engine/common/statistics/set-comparison.ts'
import type { Look } from '#renderer/figures/look.ts'
import { shortNames } from '#renderer/figures/short-names.ts'
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
  /** Rows' names, cut where there is no room for them. */
  readonly names: ReadonlyMap<string, string>
  /** What the cells are, in lines. */
  readonly note: readonly string[]
  /** Whether lines of references are named above the plot, for want of room beside it. */
  readonly namesAbove: boolean
  /** The middle of a column. */
  readonly x: (index: number) => number
  readonly y: (accuracy: number) => number
}

/** Columns of a screen are so wide at least and at most, in letters' heights. */
const [narrowest, widest] = [1.4, 12]
/** The least width of a column, in letters' heights, with room for its accuracy and the numbers of its cells. */
export const widthOfNumbers = 4
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

/** Words in lines that are so wide at most. */
function wrapped(text: string, width: number, look: Look): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim()
    if (lines.at(-1) === '' || textWidth(longer, look) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** On paper names take no more of the width than this. */
const mostForNames = 0.35

/** How the width is divided, and which names have room in it. */
function widthsOf({ combinations, sets, suggested, ...data }: SetFigureData, look: Look, available: number) {
  const { size } = look
  const rows = [
    ...combinations.sources,
    ...data.relationGroups.flatMap(({ items }) => items.map(({ relation }) => relation))
  ]
  const widthOfNames = (names: readonly string[]): number =>
    Math.max(...names.map((name) => textWidth(`${name} 000`, look)), 4 * size) + size
  const left = widthOfNames(rows)
  const right =
    Math.max(...combinations.references.map(({ name }) => textWidth(`${name} 00.0 %`, look)), size) + size
  const columns = sets.length + suggested.length
  const hasReferences = combinations.references.length > 0
  const rightOfNumbers = hasReferences ? textWidth('00.0 %', look) + size : size
  const columnBeside = (beside: number): number =>
    Math.min(widest * size, Math.max(narrowest * size, (available - left - beside) / columns))
  const column = columnBeside(right)
  const width = left + columns * column + right
  const whole = new Map(rows.map((row) => [row, row]))
  const least = widthOfNumbers * size
  const wider = columnBeside(rightOfNumbers)
  if (look.unit === 'px' && column < least && wider >= least)
    return {
      left,
      column: wider,
      columns,
      width: left + columns * wider + rightOfNumbers,
      names: whole,
      namesAbove: hasReferences
    }
  // A screen scrolls, a column of a paper ends.
  if (look.unit === 'px' || width <= available)
    return { left, column, columns, width, names: whole, namesAbove: false }
  const most = Math.max(6, Math.floor((mostForNames * available - size) / (0.56 * size)) - 4)
  const short = shortNames(rows, most)
  const cutLeft = Math.min(widthOfNames(short), 0.6 * available)
  return {
    left: cutLeft,
    column: Math.min(widest * size, (available - cutLeft - rightOfNumbers) / columns),
    columns,
    width: available,
    names: new Map(rows.map((row, at) => [row, short[at] ?? row])),
    namesAbove: hasReferences
  }
}

/** @param available the width that there is; on a screen more is taken where the columns would get too narrow */
export function layoutOf(data: SetFigureData, look: Look, available: number): FigureLayout {
  const { combinations, relationGroups, reference } = data
  const { size } = look
  const { left, column, columns, width, names, namesAbove } = widthsOf(data, look, available)
  const note = wrapped(
    `points against ${reference.name}: red more, blue fewer; crossed out: may be noise`,
    width,
    look
  )
  const row = 1.5 * size
  const top = 2 * size + (namesAbove ? 1.2 * size * combinations.references.length : 0)
  const bottom = top + plotHeight * size
  const members = bottom + 2 * size
  const cells = members + combinations.sources.length * row + (1.3 + 1.2 * note.length) * size
  const [low, high] = bounds(data, combinations.references)
  const { relationRows, headings, bottom: end } = rowsOf(relationGroups, cells, row)
  return {
    width,
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
    names,
    note,
    namesAbove,
    x: (index) => left + (index + 0.5) * column,
    y: (accuracy) => bottom - ((accuracy - low) / (high - low)) * (bottom - top)
  }
}
