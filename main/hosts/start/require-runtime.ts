/** The first step of `npm run dist`: packages are made around Electron's runtime; without it, says what to do. */
import { fileURLToPath } from 'node:url'
import { electronRuntime } from './electron-runtime.ts'

const packageFolder = fileURLToPath(new URL('../../../node_modules/electron', import.meta.url))

if (electronRuntime(packageFolder) === null) {
  process.stderr.write(
    'Packages are made around the Electron runtime, which is not here.\n' +
      'Where GitHub can be reached, `npx install-electron` fetches it; then run `npm run dist` again.\n'
  )
  process.exitCode = 1
}
