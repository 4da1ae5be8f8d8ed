/** How times are taken, and shown with what they should be. */

export type Figure = {
  what: string
  figure: string
  /** The figure to reach, where one is set, and whether it was. */
  target?: string
  held?: boolean
}

/** Where a part of the benchmarks says what it measured. */
export type Page = {
  text(line: string): void
  figures(figures: readonly Figure[]): void
}

/** Runs once and answers with the result and the seconds it took. */
export async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const started = performance.now()
  const result = await work()
  return { result, seconds: (performance.now() - started) / 1000 }
}

/** The middle of several runs, in seconds. */
export async function medianSeconds(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) times.push((await timed(work)).seconds)
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)]
}

/**
 * The shortest of several runs of each work, in seconds. They take turns, so that what else the machine does strikes all
 * alike.
 */
export async function shortestInTurns(
  rounds: number,
  works: readonly (() => Promise<unknown>)[]
): Promise<number[]> {
  const shortest = works.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++)
    for (const [index, work] of works.entries())
      shortest[index] = Math.min(shortest[index], (await timed(work)).seconds)
  return shortest
}

/** Seconds, or milliseconds below a tenth of one. */
function duration(seconds: number): string {
  return seconds < 0.1 ? `${(seconds * 1000).toFixed(2)} ms` : `${seconds.toFixed(2)} s`
}

/** A time, and the limit in seconds that it has to stay under. */
export function timeFigure(what: string, seconds: number, limit?: number): Figure {
  if (limit === undefined) return { what, figure: duration(seconds) }
  return { what, figure: duration(seconds), target: `≤ ${duration(limit)}`, held: seconds <= limit }
}

/** A ratio that has to reach a limit. */
export function atLeastFigure(what: string, ratio: number, limit: number): Figure {
  return { what, figure: ratio.toFixed(1), target: `≥ ${limit}`, held: ratio >= limit }
}

/** A ratio that has to stay at or below a limit. */
export function ratioFigure(what: string, ratio: number, limit: number): Figure {
  return { what, figure: ratio.toFixed(2), target: `≤ ${limit}`, held: ratio <= limit }
}
