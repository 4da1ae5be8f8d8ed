/** The figures of a run on the cluster, printed and, where asked for, written to docs/scale.md. */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Attempt } from '#main/experiments/workflow/attempts.ts'
import { withBlock } from '../../bench/page-block.ts'

export type ClusterFigures = {
  readonly groups: number
  readonly tunings: number
  readonly runs: number
  readonly nodes: number
  readonly secondsAlone: number
  readonly secondsFirst: number
  readonly secondsSecond: number
  /** Of each group. */
  readonly attempts: readonly (readonly Attempt[])[]
  /** Why the group without memory failed, as `collect` says. */
  readonly reason: string
}

const page = resolve(import.meta.dirname, '../../docs/scale.md')

function secondsOf({ startedAt, end }: Attempt): number {
  return end === null ? 0 : (end.at - startedAt) / 1000
}

function describe(figures: ClusterFigures): [string, string][] {
  const all = figures.attempts.flat()
  const computing = all.reduce((sum, attempt) => sum + secondsOf(attempt), 0)
  return [
    ['groups, prompts to tune among them', `${figures.groups}, ${figures.tunings}`],
    ['runs', `${figures.runs}`],
    ['nodes, one of them killed', `${figures.nodes}`],
    ['attempts begun', `${all.length}`],
    [
      'ended from outside: the killed node, and the group without memory',
      `${all.filter(({ end }) => end === null).length}`
    ],
    ['computed to their end', `${all.filter(({ end }) => end?.kind === 'finished').length}`],
    ['one machine, one process', `${figures.secondsAlone.toFixed(0)} s`],
    ['the cluster until everything that can finish did', `${figures.secondsFirst.toFixed(0)} s`],
    ['the rest, with its memory', `${figures.secondsSecond.toFixed(0)} s`],
    ['computing itself, in all jobs', `${computing.toFixed(0)} s`]
  ]
}

export async function writeFigures(figures: ClusterFigures): Promise<void> {
  const rows = describe(figures)
  process.stdout.write(`${rows.map(([what, figure]) => `${what}: ${figure}`).join('\n')}\n`)
  if (!process.argv.includes('--write')) return
  const table = ['| what | figure |', '| --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join(
    '\n'
  )
  await writeFile(page, withBlock(await readFile(page, 'utf8'), 'slurm', table))
}
