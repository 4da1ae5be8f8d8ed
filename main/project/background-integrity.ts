/** Looks for damage in a project's file while other work goes on: opening it does not wait for the whole to be read. */
import { AnchorageError, errorFromData, errorToData } from '#engine/common/contract/errors.ts'
import type { ReadOnlyProjectStore } from '#store/project-store.ts'

export type BackgroundIntegrity = {
  /** The damage found so far, or null. */
  damage(): AnchorageError | null
  /** Resolves when the whole file was read, with its damage or null; with null too where the check was stopped. */
  readonly ended: Promise<AnchorageError | null>
  /** Stops it. */
  close(): Promise<void>
}

/** Starts the check; it is closed before the store is. */
export function checkInBackground(store: ReadOnlyProjectStore): BackgroundIntegrity {
  const controller = new AbortController()
  let damage: AnchorageError | null = null
  const check = async (): Promise<AnchorageError | null> => {
    try {
      await store.checkIntegrity(controller.signal)
    } catch (error) {
      if (!controller.signal.aborted)
        damage = error instanceof AnchorageError ? error : errorFromData(errorToData(error))
    }
    return damage
  }
  const ended = check()
  return {
    damage: () => damage,
    ended,
    async close() {
      controller.abort()
      await ended
    }
  }
}
