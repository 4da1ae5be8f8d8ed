/**
 * A process that ends gives two signs: its exit, and the end of its channel. Whichever comes first, the other is
 * awaited for a moment, so that the last messages arrive and the reason says how the process ended.
 */

/** How long the second sign is waited for after the first. */
const patienceMilliseconds = 1000

export type ProcessEnd = {
  /** The process is gone; `reason` says how. */
  exited(reason: string): void
  /** No message comes any more. */
  drained(): void
}

/** Calls `close` once, with the reason of the exit where it came in time. */
export function createProcessEnd(close: (reason: string) => void): ProcessEnd {
  let exit: string | undefined
  let isDrained = false
  let timer: NodeJS.Timeout | undefined
  const endSoon = (): void => {
    const end = (): void => {
      clearTimeout(timer)
      close(exit ?? 'the process closed its channel')
    }
    if (exit !== undefined && isDrained) end()
    else timer ??= setTimeout(end, patienceMilliseconds)
  }
  return {
    exited(reason) {
      exit = reason
      endSoon()
    },
    drained() {
      isDrained = true
      endSoon()
    }
  }
}
