/** What a part of the torture tried, and what did not hold. */

export type Outcome = {
  /** What was tried, as a row of the table. */
  readonly what: string
  tried: number
  /** How often it ended in an orderly way, by how: `read`, an error's code, an exit code. */
  readonly ends: Map<string, number>
  /** What did not hold, each with what is needed to try it again. */
  readonly lost: string[]
  slowestMilliseconds: number
}

export type Part = (settings: PartSettings) => Promise<Outcome[]>

export type PartSettings = {
  readonly seed: number
  /** When to begin nothing more, in milliseconds of `performance.now`. */
  readonly until: number
  /** A folder of its own. */
  readonly folder: string
}

export function outcome(what: string): Outcome {
  return { what, tried: 0, ends: new Map(), lost: [], slowestMilliseconds: 0 }
}

/** Notes one try that ended in an orderly way. */
export function noteEnd(result: Outcome, end: string, milliseconds: number): void {
  result.tried++
  result.ends.set(end, (result.ends.get(end) ?? 0) + 1)
  result.slowestMilliseconds = Math.max(result.slowestMilliseconds, milliseconds)
}

/** Notes one try that did not. */
export function noteLoss(result: Outcome, loss: string, milliseconds: number): void {
  result.tried++
  result.lost.push(loss)
  result.slowestMilliseconds = Math.max(result.slowestMilliseconds, milliseconds)
}
