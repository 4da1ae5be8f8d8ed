/** Whole processes of the command line, from start to end, beside a Node that does nothing. Needs `npm run build`. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Page, shortestInTurns, timeFigure } from './figures.ts'

const rounds = 7
const root = resolve(import.meta.dirname, '..')
const run = promisify(execFile)

export async function benchStartUp(page: Page): Promise<void> {
  page.text('whole processes; the model is one of the sample, about 1 MB with its graph')
  const node = (words: readonly string[]) => () => run(process.execPath, words)
  const anchorage = (...words: string[]) => node([resolve(root, 'out/command-line.js'), ...words])
  const [bare, version, help, inspect] = await shortestInTurns(rounds, [
    node(['-e', '0']),
    anchorage('--version'),
    anchorage('--help'),
    anchorage('models', 'inspect', resolve(root, 'assets/sample/models/albert'))
  ])
  page.figures([
    timeFigure('node alone', bare),
    timeFigure('anchorage --version', version, 0.15),
    timeFigure('anchorage --help', help, 0.15),
    timeFigure('anchorage models inspect: this process and the engine', inspect, 0.6)
  ])
}
