/**
 * `npm run torture` tries what no user would: kills, damaged files, requests of strangers, paths that lead out, commands
 * that are misused. It prints a table of what was tried, how often, and what did not hold, and fails where anything did
 * not. `--minutes N` is how long it takes, `--seed N` what it begins with, `--part NAME` runs one part alone.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import CliTable from 'cli-table3'
import { Command } from 'commander'
import { tortureCommands } from './command-runs.ts'
import { tortureHost } from './http-requests.ts'
import { tortureWithKills } from './kills.ts'
import { tortureReaders } from './malformed-files.ts'
import type { Outcome, Part } from './outcome.ts'
import { torturePaths } from './path-attempts.ts'

/** The parts with their shares of the time. */
const parts: readonly { readonly name: string; readonly share: number; readonly run: Part }[] = [
  { name: 'readers', share: 0.4, run: tortureReaders },
  { name: 'kills', share: 0.25, run: tortureWithKills },
  { name: 'requests', share: 0.1, run: tortureHost },
  { name: 'paths', share: 0.1, run: torturePaths },
  { name: 'commands', share: 0.15, run: tortureCommands }
]

function print(results: readonly Outcome[]): void {
  const table = new CliTable({
    head: ['what', 'tried', 'lost', 'slowest', 'ends'],
    style: { head: [], border: [] },
    colWidths: [32, 9, 7, 10, 60],
    wordWrap: true
  })
  for (const { what, tried, lost, ends, slowestMilliseconds } of results) {
    const sorted = [...ends].sort(([, a], [, b]) => b - a)
    const told = sorted.slice(0, 8).map(([end, count]) => `${end} ${count}`)
    table.push([what, tried, lost.length, `${(slowestMilliseconds / 1000).toFixed(1)} s`, told.join(', ')])
  }
  process.stdout.write(`${table.toString()}\n`)
  for (const { what, lost } of results) {
    for (const loss of lost.slice(0, 20)) process.stdout.write(`lost · ${what} · ${loss}\n`)
    if (lost.length > 20) process.stdout.write(`lost · ${what} · and ${lost.length - 20} more\n`)
  }
}

async function run(minutes: number, seed: number, wanted: string | undefined): Promise<void> {
  const chosen = parts.filter(({ name }) => wanted === undefined || name === wanted)
  const shares = chosen.reduce((sum, { share }) => sum + share, 0)
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-torture-'))
  const results: Outcome[] = []
  try {
    for (const { name, share, run } of chosen) {
      process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${name}\n`)
      const until = performance.now() + (minutes * 60_000 * share) / shares
      results.push(...(await run({ seed, until, folder: await mkdtemp(join(folder, name)) })))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  print(results)
  if (results.some(({ lost }) => lost.length > 0)) process.exitCode = 1
}

await new Command('torture')
  .option('--minutes <n>', 'how long it takes, about', Number, 16)
  .option('--seed <n>', 'the first seed', Number, 1)
  .option('--part <name>', `one of ${parts.map(({ name }) => name).join(', ')}`)
  .action(({ minutes, seed, part }: { minutes: number; seed: number; part?: string }) =>
    run(minutes, seed, part)
  )
  .parseAsync()
