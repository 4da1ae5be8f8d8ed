/** Lists of thousands that a window asks for part by part: all parts are of the list that the first was of. */
import type { Part } from '#preload/contract/common.ts'

/**
 * Answers with the asked part of what `read` gave for the first one; it is forgotten with a part that is shorter than was
 * asked for, which is the last.
 */
export function listInParts<T>(read: () => Promise<readonly T[]>): (part: Part) => Promise<T[]> {
  let given: readonly T[] | null = null
  return async ({ from, limit }) => {
    const list = from === 0 || given === null ? await read() : given
    const end = limit === undefined ? list.length : from + limit
    given = end > list.length || limit === undefined ? null : list
    return list.slice(from, end)
  }
}
