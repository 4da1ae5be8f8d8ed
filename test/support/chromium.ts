/** A real Chromium for tests of the page; where there is none, why. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const executablePath = candidates.find((path) => existsSync(path))

/** Whether tests of the page can run; prints why where they can't. */
export function hasChromium(): boolean {
  if (executablePath !== undefined) return true
  process.stdout.write('skipped: no Chromium here; test/support/install-chromium.sh installs it\n')
  return false
}

/** A browser with a fresh profile. */
export async function startChromium(): Promise<Browser> {
  return await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
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
