/** Whether the story in a real Electron can be told on this machine: exits with 1 and the reason where not. */
import { execFileSync } from 'node:child_process'
import { openDisplay } from './display.ts'
import { prepareElectron } from './runtime.ts'

/** @throws Error where a library of the system is missing */
function requireLibraries(program: string): void {
  if (process.platform !== 'linux') return
  const missing = execFileSync('ldd', [program], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('not found'))
  if (missing.length > 0) throw new Error(`${program} lacks ${missing.map((line) => line.trim()).join(', ')}`)
}

try {
  const { program } = await prepareElectron()
  requireLibraries(program)
  const display = await openDisplay()
  display.end()
} catch (cause) {
  const reason = cause instanceof Error ? cause.message : String(cause)
  process.stdout.write(`skipped: nothing is seen in a real Electron here: ${reason}\n`)
  process.exitCode = 1
}
