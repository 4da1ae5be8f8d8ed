/**
 * What stays in memory from one call to the next, so that it is not read or opened again: what transfers prepare of tables,
 * and the session of the last query. Who does much of one and then much of the other, as an experiment does, lets go of the
 * first before the second begins, so that the two are not held side by side. Who goes to and fro keeps both.
 */
import type { KeptFor } from '#engine/common/contract/engine-methods.ts'
import { collectGarbage, isLarge } from './collect-garbage.ts'

/** Lets go of what nothing uses. */
type Release = () => void | Promise<void>

const releases: Readonly<Record<KeptFor, Release[]>> = { transfers: [], queries: [] }

/** Says how something is let go that is kept for work of a kind. */
export function whenReleased(keptFor: KeptFor, release: Release): void {
  releases[keptFor].push(release)
}

/** Lets go of what is kept for work of a kind and not in use, where the process is large. */
export async function releaseKept(keptFor: KeptFor): Promise<void> {
  if (!isLarge()) return
  for (const release of releases[keptFor]) await release()
  collectGarbage()
}
