/** Finds the runtime of Electron, which its package fetches on its own and many a machine lacks. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The program of a runtime within its folder, as Electron's own package names it. */
function programName(platform: NodeJS.Platform): string {
  switch (platform) {
    case 'darwin':
      return 'Electron.app/Contents/MacOS/Electron'
    case 'win32':
      return 'electron.exe'
    default:
      return 'electron'
  }
}

/** The folder of the runtime: of the package `electron`, or the one to take it from instead. */
export function runtimeFolder(packageFolder: string, elsewhere?: string): string {
  return elsewhere === undefined || elsewhere === '' ? join(packageFolder, 'dist') : elsewhere
}

/**
 * The program in the folder of the package `electron`, or null where it was never fetched.
 * @param elsewhere a folder to take it from instead: `ELECTRON_OVERRIDE_DIST_PATH`, set where the package fetched nothing
 */
export function electronRuntime(packageFolder: string, elsewhere?: string): string | null {
  // Written when the package has fetched its runtime.
  const nameFile = join(packageFolder, 'path.txt')
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8').trim() : programName(process.platform)
  const program = join(runtimeFolder(packageFolder, elsewhere), name)
  return existsSync(program) ? program : null
}
