/** `npm start`: the workbench in its own window where Electron can run, otherwise in the default browser. */
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { electronRuntime } from './electron-runtime.ts'
import { explainEarlyEnd, lookAtSandbox, sandboxHelper, sandboxObstacle } from './sandbox.ts'
import { unsupportedSystem } from './supported-system.ts'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A window that ends by a signal sooner than this never was there. */
const earlyMilliseconds = 10_000

const noSandbox = '--no-sandbox'

type Ending = { readonly code: number | null; readonly signal: string | null }

function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  return process.platform !== 'linux' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY)
}

/** Whether somebody asked for the end, by Ctrl-C, by closing the terminal or otherwise. */
let isAskedToEnd = false
let endHost = (): void => {}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    isAskedToEnd = true
    endHost()
  })

async function run(program: string, given: readonly string[]): Promise<Ending> {
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env
  // In a group of its own: what a terminal sends to all processes of the group would end Chromium's before the host could
  // end in order.
  const host = spawn(program, given, { stdio: 'inherit', env, detached: process.platform !== 'win32' })
  endHost = () => host.kill('SIGTERM')
  return await new Promise((resolve) => {
    host.once('error', ({ message }) => {
      process.stderr.write(`The workbench could not be started: ${message}\n`)
      resolve({ code: 1, signal: null })
    })
    host.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

async function runInBrowser(why: string, given: readonly string[]): Promise<Ending> {
  process.stdout.write(`${why}\nThe workbench opens in your browser.\n`)
  // What is Chromium's own means nothing to the browser host.
  const understood = given.filter((item) => item !== noSandbox)
  return await run(process.execPath, [path('./browser-host.js'), '--open', ...understood])
}

/** Why the window can't be opened; null where nothing speaks against it. */
function obstacleTo(runtime: string, given: readonly string[]): string | null {
  if (!hasDisplay()) return 'There is no display here.'
  if (process.platform !== 'linux' || given.includes(noSandbox)) return null
  return sandboxObstacle(lookAtSandbox(dirname(runtime)))
}

async function start(given: readonly string[]): Promise<Ending> {
  const unsupported = unsupportedSystem()
  if (unsupported !== null) {
    process.stderr.write(`${unsupported}\n`)
    return { code: 1, signal: null }
  }
  const elsewhere = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const runtime = electronRuntime(path('../node_modules/electron'), elsewhere)
  if (runtime === null) return await runInBrowser('There is no Electron runtime here.', given)
  const obstacle = obstacleTo(runtime, given)
  if (obstacle !== null) return await runInBrowser(obstacle, given)
  const startedAt = Date.now()
  const ending = await run(runtime, [path('..'), ...given])
  const isEarly = ending.signal !== null && Date.now() - startedAt < earlyMilliseconds
  if (!isEarly || isAskedToEnd || process.platform !== 'linux') return ending
  return await runInBrowser(explainEarlyEnd(ending.signal, sandboxHelper(dirname(runtime))), given)
}

const { code } = await start(process.argv.slice(2))
process.exitCode = code ?? 1
