/** Counts deaths of a process: so many within so long, then it is not started again until they lie far enough back. */

export type RestartLimit = {
  /** Notes a death now. */
  noteDeath(): void
  /** When a start is within the limit, in milliseconds of `now`; not later than now where it is already. */
  allowedAt(): number
  forget(): void
}

/** `deaths` within `milliseconds` are one too many; `now` in milliseconds. */
export function createRestartLimit(deaths: number, milliseconds: number, now: () => number): RestartLimit {
  /** Of the last deaths, as many as are one too many. */
  let times: number[] = []
  return {
    noteDeath() {
      times = [...times, now()].slice(-deaths)
    },
    allowedAt() {
      const [oldest] = times
      return oldest === undefined || times.length < deaths ? now() : oldest + milliseconds
    },
    forget() {
      times = []
    }
  }
}
