/** Where the parts of the figure of source sets stand, in pixels of the screen or points of paper. */

import type { RelationDifference } from '#engine/common/statistics/set-comparison.ts'
import type { Look } from '#renderer/figures/look.ts'
import type { Combinations, ComparedSet, Reference, SuggestedSet } from './source-sets.ts'

export type SetFigureData = {
  readonly combinations: Combinations
  readonly sets: readonly ComparedSet[]
  /** Sets that were not tried, shown behind the others. */
  readonly suggested: readonly SuggestedSet[]
  readonly relations: readonly RelationDifference[]
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

/** @param available the width that there is; more is taken where the columns would get too narrow */
export function layoutOf(data: SetFigureData, look: Look, available: number): FigureLayout {
  const { combinations, sets, suggested, relations } = data
  const { size } = look
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
  return {
    width: left + columns * column + right,
    height: cells + relations.length * row + size,
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
    x: (index) => left + (index + 0.5) * column,
    y: (accuracy) => bottom - ((accuracy - low) / (high - low)) * (bottom - top)
  }
}
