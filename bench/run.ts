/**
 * `npm run bench` measures everything in turn, `npm run bench -- NAME …` the named parts. Every part prints
 * ratios within its own run, so that the figures of different machines can be compared. `npm run bench -- --write`
 * puts what was measured in docs/benchmarks.md. With `--python PATH`, of a Python that has torch, steps of the
 * search and of tuning are compared with PyTorch's. `--device all` measures every device of the machine in place of the parts.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import Table from 'cli-table3'
import { benchmarksPage, type Measured } from './benchmarks-page.ts'
import { benchDevices } from './devices.ts'
import { benchEngineMemory } from './engine-memory.ts'
import { benchEvaluationThroughput } from './evaluation-throughput.ts'
import { benchExactAgainstAdam } from './exact-against-adam.ts'
import { benchExperimentScale } from './experiment-scale.ts'
import type { Figure, Page } from './figures.ts'
import { benchMixingWeight } from './mixing-weight.ts'
import { benchOpenModel } from './open-model.ts'
import { benchPastOneMachine } from './past-one-machine.ts'
import { benchRelationSuite } from './relation-suite.ts'
import { benchStartUp } from './start-up.ts'
import { benchTuningStep } from './tuning-step.ts'
import { benchWindowCombinations } from './window/window-combinations.ts'
import { benchWindowRuns } from './window/window-runs.ts'
import { benchWindowStart } from './window/window-start.ts'

const parts: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'exact-against-adam': benchExactAgainstAdam,
  'relation-suite': benchRelationSuite,
  'mixing-weight': benchMixingWeight,
  'evaluation-throughput': benchEvaluationThroughput,
  'open-model': benchOpenModel,
  'start-up': benchStartUp,
  'engine-memory': benchEngineMemory,
  'experiment-scale': benchExperimentScale,
  'past-one-machine': benchPastOneMachine,
  'tuning-step': benchTuningStep,
  'window-start': benchWindowStart,
  'window-runs': benchWindowRuns,
  'window-combinations': benchWindowCombinations
}
/** Asked for by `--device all` alone. */
const onDevices = 'devices'
const allParts: typeof parts = { ...parts, [onDevices]: benchDevices }

function print(figures: readonly Figure[]): void {
  const table = new Table({ head: ['what', 'figure', 'target', ''], style: { head: [], border: [] } })
  for (const { what, figure, target, held } of figures)
    table.push([what, figure, target ?? '', held === undefined ? '' : held ? 'held' : 'missed'])
  process.stdout.write(`${table.toString()}\n`)
}

/** Measures one part and prints it meanwhile. */
async function measure(name: string): Promise<Measured> {
  process.stdout.write(`\n${name}\n`)
  const measured: Measured = { name, lines: [], figures: [] }
  await allParts[name]({
    text: (line) => {
      process.stdout.write(`  ${line}\n`)
      measured.lines.push(line)
    },
    figures: (figures) => {
      print(figures)
      measured.figures.push(...figures)
    }
  })
  return measured
}

const page = resolve(import.meta.dirname, '../docs/benchmarks.md')
const words = process.argv.slice(2)
const withValue = ['--python', '--device']
const named = words.filter(
  (word, at) => !['--write', ...withValue].includes(word) && !withValue.includes(words[at - 1])
)
const device = words.includes('--device') ? (words[words.indexOf('--device') + 1] ?? '') : null
const wanted = device === null ? named : [...named, onDevices]
const unknown = wanted.filter((name) => !Object.hasOwn(allParts, name))
if (unknown.length > 0 || (device !== null && device !== 'all')) {
  process.stderr.write(`expected of these parts: ${Object.keys(parts).join(', ')}; or --device all\n`)
  process.exitCode = 2
} else {
  const measured: Measured[] = []
  for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) measured.push(await measure(name))
  const figures = measured.flatMap((part) => part.figures)
  const count = (held: boolean): number => figures.filter((figure) => figure.held === held).length
  process.stdout.write(`\n${count(true)} targets held, ${count(false)} missed\n`)
  if (words.includes('--write'))
    await writeFile(page, benchmarksPage(await readFile(page, 'utf8'), measured, Object.keys(allParts)))
}
