/** The workbench as a person starts it, its built browser host, and a real Chromium that looks at it. Needs `npm run build`. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '#test/support/chromium.ts'

const hostScript = resolve(import.meta.dirname, '../../out/browser-host.js')

export type Host = { readonly url: string; close(): Promise<void> }

/** A process of its own on a project; its address is there once the project is open. */
export async function startHost(project: string, folder: string): Promise<Host> {
  const words = [hostScript, project, '--root', folder, '--settings', join(folder, 'settings')]
  const host = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => host.once('exit', () => resolve()))
  const close = async (): Promise<void> => {
    host.kill('SIGTERM')
    await ended
  }
  for await (const line of createInterface({ input: host.stdout })) {
    const url = /https?:\S+/.exec(line)?.[0]
    if (url !== undefined) return { url, close }
  }
  throw new Error('the host ended before it said its address')
}

/** A folder and a browser for a measurement, and their end. */
export async function withBrowser<T>(measure: (browser: Browser, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  const browser = await startChromium()
  try {
    return await measure(browser, folder)
  } finally {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A page on a project, of the size of a laptop's screen. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(url)
  return page
}
