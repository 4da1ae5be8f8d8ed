/**
 * The headless Chromium that the package `@sparticuz/chromium` carries for Linux x64, with the libraries and fonts that
 * it needs: for machines that have no browser. It is unpacked once per version, below `node_modules/.cache`.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const packageName = '@sparticuz/chromium'
const packageFolder = resolve(import.meta.dirname, '../../node_modules', packageName)
const cache = resolve(import.meta.dirname, '../../node_modules/.cache/chromium')

export type PackagedChromium = {
  readonly executablePath: string
  readonly env: Record<string, string>
}

/** Unpacks into `folder`. The package unpacks into the folder for temporary files, and its libraries on Lambda alone. */
function unpack(folder: string): void {
  const script = `import chromium from '${packageName}'; await chromium.executablePath()`
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }
  })
}

/** The system's fonts and those of the package: its own configuration names folders of Lambda. */
const fontConfiguration = (folder: string): string => `<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, 'fonts')}</dir>
</fontconfig>
`

/** Moved when it is whole: of several processes that unpack at once, each finds a whole one. */
function unpackOnce(folder: string): void {
  if (existsSync(folder)) return
  mkdirSync(dirname(folder), { recursive: true })
  const unfinished = mkdtempSync(`${folder}.unfinished-`)
  try {
    unpack(unfinished)
    writeFileSync(join(unfinished, 'fonts', 'fonts.conf'), fontConfiguration(folder))
    renameSync(unfinished, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** The browser of the package, unpacked where it wasn't yet; null where the package has none for this machine. */
export function packagedChromium(): PackagedChromium | null {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(packageFolder)) return null
  const { version }: { version: string } = createRequire(import.meta.url)(join(packageFolder, 'package.json'))
  const folder = join(cache, version)
  unpackOnce(folder)
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') }
  }
}
