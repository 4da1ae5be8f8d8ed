/** Lists of thousands that windows ask for part by part: all parts of a reading are of the list that its first was of. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Part } from '#preload/contract/common.ts'

/** Of windows that were closed while they read, no more lists are kept than this. */
const mostReadings = 16

/**
 * Answers with the asked part of what `read` gave for the first one of that reading; the list is forgotten with a part that
 * is shorter than was asked for, which is the last. @throws `not-found` for a later part of a reading that is not known
 */
export function listInParts<T>(read: () => Promise<readonly T[]>): (part: Part) => Promise<T[]> {
  const given = new Map<string, readonly T[]>()
  return async ({ reading, from, limit }) => {
    const list = from === 0 ? await read() : given.get(reading)
    if (list === undefined)
      throw new AnchorageError('not-found', 'The list is not being read any more.', {
        next: 'Read it from its beginning.'
      })
    const end = limit === undefined ? list.length : from + limit
    // The newest stand last.
    given.delete(reading)
    if (limit !== undefined && end <= list.length) given.set(reading, list)
    const [oldest] = given.keys()
    if (given.size > mostReadings && oldest !== undefined) given.delete(oldest)
    return list.slice(from, end)
  }
}
