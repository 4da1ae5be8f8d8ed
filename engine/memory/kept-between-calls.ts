/**
 * What stays in memory from one call to the next, so that it is not read or opened again: what transfers prepare of tables,
 * and the session of the last query. Work of one kind lets go of what was kept for the other, as prompts are transferred
 * first and queried then: so the two are never held side by side.
 */
import { collectGarbage } from './collect-garbage.ts'

export type Work = 'transfers' | 'queries'

/** Lets go of what nothing uses, and answers whether that was anything. */
type Release = () => boolean | Promise<boolean>

const releases: Readonly<Record<Work, Release[]>> = { transfers: [], queries: [] }
const others: Readonly<Record<Work, Work>> = { transfers: 'queries', queries: 'transfers' }

/** Says how something is let go that is kept for work of a kind. */
export function keptFor(work: Work, release: Release): void {
  releases[work].push(release)
}

/** To be called before work of a kind begins. */
export async function beginWork(work: Work): Promise<void> {
  let released = false
  for (const release of releases[others[work]]) released = (await release()) || released
  if (released) collectGarbage()
}
