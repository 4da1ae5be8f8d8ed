/**
 * One Chromium for all tests of a worker, started by the first that needs it: starting one costs more than most tests.
 * It ends with the worker's process.
 */
import type { BrowserContext } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { startChromium } from './chromium.ts'

let browser: ReturnType<typeof startChromium> | null = null

/** A context of the running test alone, with a storage of its own. */
export async function openContext(): Promise<BrowserContext> {
  browser ??= startChromium()
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 800 } })
  onTestFinished(() => context.close())
  // Machines that test are busy: what takes seconds alone may take a minute.
  context.setDefaultTimeout(90_000)
  return context
}
