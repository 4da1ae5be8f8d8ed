/**
 * The application as a process of Electron, and what a person sees of it. Chromium's sandbox doesn't start for root, so
 * root runs it as somebody else.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { inject } from 'vitest'

/** A person of this machine: a home, and a folder for work. */
export type Person = { readonly home: string; readonly work: string; readonly program: string }

function idOf(which: '-u' | '-g', user: string): number {
  return Number(execFileSync('id', [which, user], { encoding: 'utf8' }))
}

/** A new person, who has never started the application. */
export function newPerson(): Person {
  const { program } = inject('electron')
  const home = mkdtempSync(join(tmpdir(), 'anchorage-electron-'))
  const work = join(home, 'work')
  mkdirSync(work)
  const user = process.getuid?.() === 0 ? (process.env['ANCHORAGE_USER'] ?? 'nobody') : null
  const [userId, groupId] = user === null ? [0, 0] : [idOf('-u', user), idOf('-g', user)]
  if (user !== null) for (const folder of [home, work]) chownSync(folder, userId, groupId)
  if (process.platform === 'win32') return { home, work, program }
  const drop = user === null ? '' : `setpriv --reuid=${userId} --regid=${groupId} --clear-groups -- `
  const wrapper = join(home, 'start.sh')
  const lines = [
    '#!/bin/sh',
    `export HOME='${home}' XDG_CONFIG_HOME='${home}/.config' DISPLAY='${inject('display')}'`,
    `cd '${home}'`,
    `exec ${drop}'${program}' "$@"`
  ]
  writeFileSync(wrapper, `${lines.join('\n')}\n`)
  chmodSync(wrapper, 0o755)
  return { home, work, program: wrapper }
}

export type Started = {
  readonly application: ElectronApplication
  readonly page: Page
  readonly processId: number
  /** Errors and warnings of the page. */
  readonly faults: string[]
  /** The exit code of the main process, or the name of the signal that ended it. */
  readonly exited: Promise<number | string | null>
}

/** Starts the application and waits for its window. */
export async function start(person: Person, ...given: readonly string[]): Promise<Started> {
  const application = await _electron.launch({
    executablePath: person.program,
    chromiumSandbox: true,
    args: [inject('electron').application, ...given]
  })
  const child = application.process()
  const exited = new Promise<number | string | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
  const page = await application.firstWindow()
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

/** Where the person's settings are. */
export function settings({ home }: Person, name: string): string {
  return readFileSync(join(home, '.config/Anchorage-development', name), 'utf8')
}

/** Has every dialog that asks for a file or folder answered with `path`. */
export async function answerDialogs(application: ElectronApplication, path: string): Promise<void> {
  await application.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, path)
}
