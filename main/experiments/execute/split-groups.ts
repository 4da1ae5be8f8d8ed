/**
 * Splits groups that take longer than others should wait for, by the cost model. Cells that share work stay together as far
 * as they fit; what is found for a cell is the same however its group is split.
 */
import {
  type MeasuringGroup,
  type PlannedCell,
  type WorkGroup,
  withCells
} from '#main/experiments/plan/experiment-plan.ts'
import { hashContent } from '#store/records/row.ts'
import { shareWork } from './groups/find-prompts.ts'

/** Seconds that a group of a workflow takes at the most, unless one cell alone takes longer. */
export const longestGroupSeconds = 20 * 60

type Seconds = (group: WorkGroup) => number

/** A list in so many parts of nearly equal length, in its order. */
function inParts<T>(list: readonly T[], parts: number): T[][] {
  return Array.from({ length: parts }, (_, part) =>
    list.slice(Math.ceil((part * list.length) / parts), Math.ceil(((part + 1) * list.length) / parts))
  )
}

/**
 * Cells that share work, in the fewest parts that each fit. Exact cells go two at least together: one alone would be
 * found by a search of its own instead of the basis that it shares.
 */
function divide(
  cells: readonly PlannedCell[],
  fits: (cells: readonly PlannedCell[]) => boolean
): PlannedCell[][] {
  const fewest = cells[0]?.method.kind === 'exact' ? 2 : 1
  const most = Math.max(1, Math.floor(cells.length / fewest))
  for (let parts = 1; parts < most; parts++) {
    const divided = inParts(cells, parts)
    if (divided.every(fits)) return divided
  }
  return inParts(cells, most)
}

function splitMeasuring(group: MeasuringGroup, seconds: Seconds, limit: number): MeasuringGroup[] {
  const fits = (cells: readonly PlannedCell[]): boolean => seconds(withCells(group, cells)) <= limit
  if (fits(group.cells)) return [group]
  const parts: PlannedCell[][] = []
  for (const cells of shareWork(group.cells).flatMap((shared) => divide(shared, fits))) {
    const last = parts.at(-1)
    if (last !== undefined && fits([...last, ...cells])) last.push(...cells)
    else parts.push([...cells])
  }
  if (parts.length === 1) return [group]
  return parts.map((cells, index) => ({
    ...withCells(group, cells),
    id: hashContent(cells.map(({ id }) => id).sort()),
    label: `${group.label}, part ${index + 1} of ${parts.length}`
  }))
}

/**
 * The groups, those that take more than `limit` seconds in parts. A prompt is tuned in one piece, and a cell measured.
 * @param seconds of a group, by the cost model
 */
export function splitGroups(
  groups: readonly WorkGroup[],
  seconds: Seconds,
  limit: number = longestGroupSeconds
): WorkGroup[] {
  return groups.flatMap((group): WorkGroup[] =>
    group.kind === 'tuning' ? [group] : splitMeasuring(group, seconds, limit)
  )
}
