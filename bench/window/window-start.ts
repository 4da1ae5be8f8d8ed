/** The window on the sample's project, from the start of its host's process to a screen that can be used, and what the page loads for it. */
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { type Page as Figures, timeFigure } from '../figures.ts'
import { startHost, withBrowser } from './open-window.ts'

const sample = resolve(import.meta.dirname, '../../assets/sample/Sample.anchorage')
const rounds = 5
const mostBytes = 1.2e6

type Start = { readonly host: number; readonly whole: number; readonly bytes: number }

/** Seconds to the address and to the first usable screen, and the bytes of the page's files until then, compressed. */
async function start(browser: Browser, project: string, folder: string): Promise<Start> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const loaded: Promise<number>[] = []
  page.on('response', (response) => {
    loaded.push(
      response.body().then(
        (body) => gzipSync(body).length,
        () => 0
      )
    )
  })
  const before = performance.now()
  const host = await startHost(project, folder)
  const there = performance.now()
  try {
    await page.goto(host.url)
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await page.getByRole('table').getByText('bert-small').first().waitFor()
    const whole = performance.now()
    const sizes = await Promise.all(loaded)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    return { host: (there - before) / 1000, whole: (whole - before) / 1000, bytes }
  } finally {
    await page.close()
    await host.close()
  }
}

export async function benchWindowStart(figures: Figures): Promise<void> {
  figures.text(
    'the browser host on the project of the sample, Chromium at work already; the shortest of five starts'
  )
  await withBrowser(async (browser, folder) => {
    const project = join(folder, 'Sample.anchorage')
    await cp(sample, project)
    const starts: Start[] = []
    for (let round = 0; round < rounds; round++) starts.push(await start(browser, project, folder))
    const least = (of: (one: Start) => number): number => Math.min(...starts.map(of))
    const bytes = least((one) => one.bytes)
    figures.figures([
      timeFigure(
        'to the address',
        least(({ host }) => host)
      ),
      timeFigure(
        'to the first usable screen',
        least(({ whole }) => whole),
        1.5
      ),
      {
        what: 'the files of the page until then, each with gzip',
        figure: `${(bytes / 1e6).toFixed(2)} MB`,
        target: `≤ ${mostBytes / 1e6} MB`,
        held: bytes <= mostBytes
      }
    ])
  })
}
