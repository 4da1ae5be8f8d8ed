/** Counts deaths of a process: so many within so long, then it is not started again by itself. */

export type RestartLimit = {
  /** Notes a death now; true where another start is within the limit. */
  allowsAnother(): boolean
  forget(): void
}

/** `deaths` within `milliseconds` are one too many; `now` in milliseconds. */
export function createRestartLimit(deaths: number, milliseconds: number, now: () => number): RestartLimit {
  let times: number[] = []
  return {
    allowsAnother() {
      const time = now()
      times = [...times.filter((earlier) => time - earlier < milliseconds), time]
      return times.length < deaths
    },
    forget() {
      times = []
    }
  }
}
