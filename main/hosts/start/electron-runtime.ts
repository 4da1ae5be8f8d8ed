/** Finds the runtime of Electron, which its package fetches on its own and many a machine lacks. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The program in the folder of the package `electron`, as that package finds it, or null where it was never fetched.
 * @param elsewhere a folder to take it from instead: `ELECTRON_OVERRIDE_DIST_PATH`
 */
export function electronRuntime(packageFolder: string, elsewhere?: string): string | null {
  const nameFile = join(packageFolder, 'path.txt')
  if (!existsSync(nameFile)) return null
  const program = join(elsewhere ?? join(packageFolder, 'dist'), readFileSync(nameFile, 'utf8').trim())
  return existsSync(program) ? program : null
}
