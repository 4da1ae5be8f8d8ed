/** `npm start`: the workbench in its own window where Electron can run, otherwise in the default browser. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { electronRuntime } from './electron-runtime.ts'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  return process.platform !== 'linux' || Boolean(DISPLAY ?? WAYLAND_DISPLAY)
}

/** The program to start and its arguments. */
function chooseHost(given: readonly string[]): [string, string[]] {
  const runtime = electronRuntime(
    path('../node_modules/electron'),
    process.env['ELECTRON_OVERRIDE_DIST_PATH']
  )
  if (runtime !== null && hasDisplay()) return [runtime, [path('..'), ...given]]
  const lacking = runtime === null ? 'Electron runtime' : 'display'
  process.stdout.write(`There is no ${lacking} here: the workbench opens in your browser.\n`)
  return [process.execPath, [path('./browser-host.js'), '--open', ...given]]
}

// Ctrl-C reaches both; the host says when it has ended.
process.on('SIGINT', () => {})
const [program, options] = chooseHost(process.argv.slice(2))
const host = spawn(program, options, { stdio: 'inherit' })
host.once('error', ({ message }) => {
  process.stderr.write(`The workbench could not be started: ${message}\n`)
  process.exitCode = 1
})
host.once('exit', (code) => {
  process.exitCode = code ?? 1
})
process.once('SIGTERM', () => host.kill('SIGTERM'))
