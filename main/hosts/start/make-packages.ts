/** `npm run dist`: builds anew and packs the application around Electron's runtime; without it, says what to do. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { electronRuntime, runtimeFolder } from './electron-runtime.ts'
import { unsupportedSystem } from './supported-system.ts'

const root = resolve(import.meta.dirname, '../../..')
const packageFolder = resolve(root, 'node_modules/electron')
const elsewhere = process.env['ELECTRON_OVERRIDE_DIST_PATH']

function run(script: string, ...given: string[]): void {
  const { status } = spawnSync(process.execPath, [resolve(root, 'node_modules', script), ...given], {
    cwd: root,
    stdio: 'inherit'
  })
  if (status !== 0) process.exit(status ?? 1)
}

const obstacle =
  unsupportedSystem() ??
  (electronRuntime(packageFolder, elsewhere) === null
    ? 'Packages are made around the Electron runtime, which is not here.\n' +
      'Where GitHub can be reached, `npx install-electron` fetches it; then run `npm run dist` again. One that lies\n' +
      'elsewhere is named by ELECTRON_OVERRIDE_DIST_PATH.'
    : null)
if (obstacle === null) {
  // What an earlier build has left would be packed with the rest.
  rmSync(resolve(root, 'out'), { recursive: true, force: true })
  for (const part of ['.', 'preload', 'renderer'])
    run('vite/bin/vite.js', 'build', part, '--logLevel', 'warn')
  const folder = runtimeFolder(packageFolder, elsewhere)
  run('electron-builder/cli.js', `-c.electronDist=${folder}`, ...process.argv.slice(2))
} else {
  process.stderr.write(`${obstacle}\n`)
  process.exitCode = 1
}
