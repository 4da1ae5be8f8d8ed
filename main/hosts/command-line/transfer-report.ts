/** What a transfer came to, on the terminal. */

import { runLabel } from '#engine/common/format/run-label.ts'
import type { Project, StoredRun } from '#main/project/project.ts'
import type { Output } from './output.ts'

/** Where `auto` led, in a sentence; nothing where the device was named. */
function deviceNotes(runs: readonly StoredRun[]): string[] {
  const chosen = runs.flatMap(({ manifest: { device } }) => (device.asked === 'auto' ? [device.used] : []))
  return [...new Set(chosen)].map((used) => `computed on ${used}, which \`auto\` chose`)
}

/** The matching of random rows of the target's table, per weight as that of the run is. */
function byChance({ report, manifest }: StoredRun): string {
  const weight = manifest.sources.reduce((sum, source) => sum + source.weight, 0)
  return report === null || report.randomMatching === null ? '–' : (report.randomMatching / weight).toFixed(4)
}

/** Prints a table of the runs of a job with their notes; the runs. */
export async function printRuns(project: Project, jobId: string, output: Output): Promise<StoredRun[]> {
  const summaries = await project.store.read.runs.byJob(jobId)
  const runs = []
  for (const summary of summaries) {
    const run = await project.store.read.runs.get(summary.id)
    if (run !== undefined) runs.push({ summary, run })
  }
  if (runs.length === 0) return []
  output.table(
    [
      'prompt',
      'matching',
      'of random rows',
      'retrieval',
      'per source',
      'upper bound',
      'seconds',
      'nearest words'
    ],
    runs.map(({ summary, run }) => {
      const vectors = run.report?.vectors ?? []
      const mean = (of: (vector: (typeof vectors)[number]) => number) =>
        // What a baseline transferred has no report.
        vectors.length === 0
          ? '–'
          : (vectors.reduce((sum, vector) => sum + of(vector), 0) / vectors.length).toFixed(4)
      const sources = run.manifest.sources.map((_, index) => mean((vector) => vector.perSource[index] ?? 0))
      return [
        runLabel(summary.name),
        summary.matching?.toFixed(4) ?? '–',
        byChance(run),
        run.manifest.retrieval === undefined ? '–' : `${(100 * run.manifest.retrieval.hit1).toFixed(1)} %`,
        sources.join(' '),
        mean((vector) => vector.upperBound),
        summary.seconds.toFixed(2),
        vectors.map(({ nearestWords }) => nearestWords[0]?.token ?? '–').join(' ')
      ]
    })
  )
  const stored = runs.map(({ run }) => run)
  const notes = new Set([...stored.flatMap((run) => run.notes), ...deviceNotes(stored)])
  for (const note of notes) output.line(`note: ${note}`)
  return stored
}
