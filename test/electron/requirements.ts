/** Whether this machine can show a window of Electron, whatever the application. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newPerson } from './person.ts'

/** An application that shows a page and ends. */
const trial = `const { app, BrowserWindow } = require('electron')
app.enableSandbox()
app.whenReady().then(async () => {
  await new BrowserWindow({ show: false }).loadURL('data:text/html,shown')
  app.exit(0)
})`

function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim())
}

/** @throws Error where the system has not what the runtime needs: libraries, or namespaces for the sandbox */
export function requireWindow(program: string, display: string): void {
  if (process.platform === 'linux') {
    const missing = lines(execFileSync('ldd', [program], { encoding: 'utf8' })).filter((line) =>
      line.includes('not found')
    )
    if (missing.length > 0) throw new Error(`${program} lacks ${missing.join(', ')}`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-trial-'))
  writeFileSync(join(folder, 'main.cjs'), trial)
  const description = { name: 'trial', version: '1.0.0', main: 'main.cjs' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description))
  const person = newPerson({ program, display })
  execFileSync('chmod', ['-R', 'a+rX', folder])
  execFileSync(person.program, [folder], {
    timeout: 60_000,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8'
  })
}
