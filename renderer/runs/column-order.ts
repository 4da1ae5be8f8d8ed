/** The order of the columns of the table of runs, as a person moves them. Pinned columns stay before the others. */
import type { RunsView } from './runs-view.ts'

type Order = Pick<RunsView, 'pinned' | 'order'>

/**
 * The order with a column in the place of another one, or as it was where one of both is pinned and the other is not.
 * @param shown keys of the columns in sight, as they stand
 */
export function movedColumn(
  { pinned, order }: Order,
  shown: readonly string[],
  from: string,
  to: string
): Order {
  const isPinned = pinned.includes(from)
  if (from === to || !shown.includes(from) || isPinned !== pinned.includes(to)) return { pinned, order }
  const group = shown.filter((key) => pinned.includes(key) === isPinned)
  const place = group.indexOf(to)
  const moved = group.filter((key) => key !== from)
  moved.splice(place, 0, from)
  const withHidden = (before: readonly string[]): string[] => [
    ...moved,
    ...before.filter((key) => !shown.includes(key))
  ]
  return isPinned ? { pinned: withHidden(pinned), order } : { pinned, order: withHidden(order) }
}

/** The order with a column one place further. */
export function shiftedColumn(before: Order, shown: readonly string[], key: string, places: -1 | 1): Order {
  const to = shown[shown.indexOf(key) + places]
  return to === undefined ? before : movedColumn(before, shown, key, to)
}
