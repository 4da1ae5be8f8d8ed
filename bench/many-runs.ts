/**
 * The table of 10,000 runs in a real Chromium: opened, sorted, filtered and scrolled under Chromium's own tracing. A frame is
 * late where a task keeps the page's main thread for longer than that. Needs `npm run build`, and a Chromium.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page as BrowserPage } from 'playwright-core'
import { z } from 'zod'
import { startWorkbenchOn } from '#test/support/browser-workbench.ts'
import { hasChromium, startChromium } from '#test/support/chromium.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { writeManyRuns } from '#test/support/many-runs.ts'
import { type Page, timeFigure } from './figures.ts'

const runs = 10_000
/** Seconds: of a frame, at most. */
const limit = 0.05

const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      tid: z.number(),
      /** Microseconds. */
      dur: z.number().optional(),
      args: z.object({ name: z.string().optional() }).optional()
    })
  )
})

/** The longest task of a page's main thread in a trace, in seconds. */
function longestTask(trace: Buffer): number {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString('utf8')))
  const mainThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`)
  )
  const tasks = traceEvents.filter(
    ({ name, pid, tid }) => name.endsWith('RunTask') && mainThreads.has(`${pid} ${tid}`)
  )
  return Math.max(0, ...tasks.map(({ dur = 0 }) => dur / 1e6))
}

/** The longest task while something is done, and for a moment after. */
async function traced(browser: Browser, page: BrowserPage, work: () => Promise<void>): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata', 'devtools.timeline'] })
  await work()
  await page.waitForTimeout(500)
  return longestTask(await browser.stopTracing())
}

async function measure(page: BrowserPage, browser: Browser): Promise<[string, number][]> {
  const table = page.getByRole('region', { name: 'Table of runs' })
  const steps: [string, () => Promise<void>][] = [
    [
      'opened',
      async () => {
        await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click()
        await page.getByText(`${runs.toLocaleString('en')} runs`).waitFor()
      }
    ],
    [
      'sorted',
      async () => {
        await table.getByRole('button', { name: 'Matching' }).click()
        await table.getByRole('columnheader', { name: 'Matching' }).getByText('↓').waitFor()
      }
    ],
    [
      'filtered, letter by letter',
      async () => {
        await page.getByLabel('Filter').pressSequentially('target:gpt2 anchors=64', { delay: 60 })
        await page.getByText(` of ${runs.toLocaleString('en')} runs`).waitFor()
        await page.getByLabel('Filter').fill('')
      }
    ],
    [
      'scrolled, 200 steps of 400 px',
      async () => {
        await table.hover()
        for (let step = 0; step < 200; step++) await page.mouse.wheel(0, 400)
      }
    ]
  ]
  const longest: [string, number][] = []
  for (const [what, work] of steps) longest.push([what, await traced(browser, page, work)])
  return longest
}

export async function benchManyRuns(page: Page): Promise<void> {
  if (!hasChromium()) return
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  const path = join(folder, 'many.anchorage')
  await writeManyRuns(path, runs)
  const { host } = await startWorkbenchOn(engineInProcess(), folder)
  const browser = await startChromium()
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const shown = await context.newPage()
    await shown.goto(host.url)
    await shown.getByRole('button', { name: 'Open project' }).click()
    await shown.getByRole('button', { name: 'many.anchorage' }).click()
    await shown.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    page.text(`${runs.toLocaleString('en')} runs; the longest task of the page’s main thread, without a GPU`)
    page.figures((await measure(shown, browser)).map(([what, seconds]) => timeFigure(what, seconds, limit)))
  } finally {
    await browser.close()
    await host.close()
    await rm(folder, { recursive: true, force: true })
  }
}
