/** How times are taken, and shown with what they should be. */
import Table from 'cli-table3'

export type Figure = {
  what: string
  figure: string
  /** The figure to reach, where one is set. */
  target?: string
  met?: boolean
}

/** Prints figures as a table. */
export function printFigures(print: (line: string) => void, figures: readonly Figure[]): void {
  const table = new Table({ head: ['what', 'figure', 'target', ''], style: { head: [], border: [] } })
  for (const { what, figure, target, met } of figures)
    table.push([what, figure, target ?? '', met === undefined ? '' : met ? 'met' : 'missed'])
  for (const line of table.toString().split('\n')) print(line)
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

/** Seconds, or milliseconds below a tenth of one. */
function duration(seconds: number): string {
  return seconds < 0.1 ? `${(seconds * 1000).toFixed(2)} ms` : `${seconds.toFixed(2)} s`
}

/** A time, and the limit in seconds that it has to stay under. */
export function timeFigure(what: string, seconds: number, limit?: number): Figure {
  if (limit === undefined) return { what, figure: duration(seconds) }
  return { what, figure: duration(seconds), target: `< ${duration(limit)}`, met: seconds < limit }
}
