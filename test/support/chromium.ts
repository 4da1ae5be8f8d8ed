/** A real Chromium for tests of the page: the system's, else the one of a package; where there is none, why. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { packagedChromium } from './packaged-chromium.ts'

/** Chromium and what is made of it, where the systems' installers put it. */
function systemBrowsers(): string[] {
  switch (process.platform) {
    case 'darwin':
      return [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'
      ]
    case 'win32':
      return [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)']]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          join(folder, 'Google/Chrome/Application/chrome.exe'),
          join(folder, 'Microsoft/Edge/Application/msedge.exe')
        ])
    default:
      return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  }
}

function findBrowser(): { readonly executablePath: string; readonly env?: Record<string, string> } | null {
  const executablePath = systemBrowsers().find((path) => existsSync(path))
  return executablePath === undefined ? packagedChromium() : { executablePath }
}

const found = findBrowser()

/**
 * Whether tests of the page can run; prints why where they can't.
 * @throws Error where they can't though `CI` is set: there they must
 */
export function hasChromium(): boolean {
  if (found !== null) return true
  const reason = 'no Chromium, Chrome or Edge here; test/support/install-chromium.sh installs one'
  if (process.env['CI']) throw new Error(`the page can't be tested: ${reason}`)
  process.stdout.write(`skipped: ${reason}\n`)
  return false
}

/** A browser with a fresh profile. */
export async function startChromium(): Promise<Browser> {
  return await chromium.launch({
    ...(found === null ? {} : { executablePath: found.executablePath }),
    ...(found?.env === undefined ? {} : { env: { ...process.env, ...found.env } }),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  })
}
