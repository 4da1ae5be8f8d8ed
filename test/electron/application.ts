/** The application as a process of Electron, and what a person sees of it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { killProgram, type Person } from './person.ts'

export type Started = {
  readonly application: ElectronApplication
  readonly page: Page
  readonly processId: number
  /** Errors and warnings of the page. */
  readonly faults: string[]
  /** The exit code of the main process, or the name of the signal that ended it. */
  readonly exited: Promise<number | string | null>
}

/** How long the debugger may take to find the window, which it sometimes misses while the application is there. */
const startSeconds = 60

async function launch(
  { program }: Person,
  args: readonly string[]
): Promise<{ application: ElectronApplication; page: Page }> {
  const application = await _electron.launch({
    executablePath: program,
    chromiumSandbox: true,
    args: [...args]
  })
  return { application, page: await application.firstWindow() }
}

/** Starts the application that lies in a folder, and waits for its window. */
export async function start(person: Person, folder: string, ...given: readonly string[]): Promise<Started> {
  const launched = launch(person, [folder, ...given])
  // Whatever becomes of the first, the second is the one that counts.
  launched.catch(() => {})
  const late = delay(1000 * startSeconds, null, { ref: false })
  const first = await Promise.race([launched, late])
  if (first === null) killProgram(person)
  const { application, page } = first ?? (await launch(person, [folder, ...given]))
  const child = application.process()
  const exited = new Promise<number | string | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
  // Machines that test are busy: what takes seconds alone may take a minute.
  page.setDefaultTimeout(90_000)
  const faults: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error.stack)))
  return { application, page, processId: child.pid ?? 0, faults, exited }
}

/** The process that computes: the oldest of the utility processes that run Node. */
export function engineProcess(mainProcess: number): number | undefined {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(mainProcess)], {
    encoding: 'utf8'
  })
  const engines = children
    .split('\n')
    .filter((line) => line.includes('node.mojom') && !line.includes('device-trial'))
  const [first] = engines.map((line) => Number.parseInt(line, 10))
  return first
}

/** Seconds of processor time that a process has taken; 0 where there is none. */
export function processorSeconds(processId: number | undefined): number {
  if (processId === undefined) return 0
  const { stdout } = spawnSync('ps', ['-o', 'cputimes=', '-p', String(processId)], { encoding: 'utf8' })
  return Number(stdout)
}

/** Where the person's settings are. */
export function settings({ home }: Person, name: string): string {
  return readFileSync(join(home, '.config/Anchorage-development', name), 'utf8')
}
