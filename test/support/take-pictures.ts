/**
 * Takes the pictures of the documentation anew (`npm run pictures`, `npm run pictures -- NAME …` for some of them): every
 * screen on the sample, as a person sees it.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { createEngineProcess } from '#main/engine-process/engine-process.ts'
import { forkEngine } from '#main/engine-process/fork-engine.ts'
import type { SupervisedEngine } from '#main/project/context.ts'
import { show } from './browser-window.ts'
import { startWorkbenchOn } from './browser-workbench.ts'
import { startChromium } from './chromium.ts'
import { type HeldEngine, heldEngine } from './held-engine.ts'
import { openSample } from './open-sample.ts'
import { orderGrid } from './order-grid.ts'
import { pasteAll } from './paste-all.ts'
import { sampleFolder, smallExperiment } from './small-experiment.ts'

const folder = resolve(import.meta.dirname, '../../docs/pictures')

type Picture = {
  readonly name: string
  /** The screen's address, or null for the start. */
  readonly screen: string | null
  readonly scheme: 'light' | 'dark'
  readonly viewport: { width: number; height: number }
  /** What is done on the screen before. */
  readonly prepare?: (page: Page, engine: Holding) => Promise<void>
}

type Holding = Pick<HeldEngine<SupervisedEngine>, 'hold' | 'release'>

/** So many transfers of the grid are done when the picture of the queue is taken. */
const groupsBefore = 13

const laptop = { width: 1280, height: 800 }
const monitor = { width: 1920, height: 1080 }

const pictures: readonly Picture[] = [
  { name: 'start', screen: null, scheme: 'light', viewport: laptop },
  { name: 'models', screen: '/models', scheme: 'light', viewport: laptop },
  { name: 'prompts', screen: '/prompts', scheme: 'light', viewport: laptop },
  { name: 'tasks', screen: '/tasks', scheme: 'light', viewport: laptop },
  { name: 'anchors', screen: '/anchors', scheme: 'light', viewport: laptop },
  { name: 'mix', screen: '/mix', scheme: 'light', viewport: laptop },
  { name: 'mix-dark', screen: '/mix', scheme: 'dark', viewport: monitor },
  { name: 'combinations', screen: '/combinations', scheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'combinations-dark', screen: '/combinations', scheme: 'dark', viewport: monitor },
  { name: 'runs', screen: '/runs', scheme: 'light', viewport: laptop },
  { name: 'runs-dark', screen: '/runs', scheme: 'dark', viewport: monitor },
  { name: 'compare', screen: '/compare', scheme: 'light', viewport: { width: 1280, height: 1000 } },
  { name: 'compare-dark', screen: '/compare', scheme: 'dark', viewport: monitor },
  { name: 'experiments', screen: '/experiments', scheme: 'light', viewport: laptop, prepare: runExperiment },
  {
    name: 'export',
    screen: '/runs',
    scheme: 'light',
    viewport: laptop,
    prepare: async (page) => {
      await page.getByRole('button', { name: '22 relations' }).first().click()
      await page.getByRole('checkbox', { name: 'Choose capital', exact: true }).first().click()
      await page.getByRole('button', { name: 'Export …' }).click()
      await page.getByText('These files will be written').waitFor()
    }
  },
  {
    name: 'queue',
    screen: '/runs',
    scheme: 'light',
    viewport: laptop,
    prepare: showWorkingQueue
  }
]

/** A grid of six jobs in the queue: the first has ended, the second is at work, of the others one is paused. */
async function showWorkingQueue(page: Page, { hold }: Holding): Promise<void> {
  await orderGrid(page, { beforeQueued: () => hold(groupsBefore) })
  await show(page, 'Runs')
  await page.getByRole('button', { name: /^Queue/ }).click()
  const queue = page.getByRole('region', { name: 'Queue' })
  const waiting = queue.locator('article').filter({ has: page.getByRole('button', { name: /^Place / }) })
  while ((await waiting.count()) !== 4) await page.waitForTimeout(250)
  await waiting.nth(1).getByRole('button', { name: 'Pause' }).click()
  await waiting.nth(1).getByText('paused').waitFor()
}

/** Makes a small experiment from a template and runs it. */
async function runExperiment(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New experiment' }).first().click()
  await page.getByRole('radio', { name: 'pair' }).check()
  await page.getByRole('button', { name: 'Choose location' }).click()
  await page.getByRole('button', { name: 'Create here' }).click()
  await pasteAll(page.getByRole('textbox', { name: 'Experiment file' }), smallExperiment())
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByText('All 16 cells are done.').waitFor({ timeout: 200_000 })
  await page.getByRole('button', { name: 'Show cells' }).click()
}

/** Where the pictures say that a person's documents are: the folder that they are taken in has a name of the moment. */
const documents = '/home/ada/Documents'

/** Says so wherever the page names the folder. */
async function nameDocuments(page: Page, place: string): Promise<void> {
  await page.evaluate(`(([from, to]) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
      if (text.nodeValue.includes(from)) text.nodeValue = text.nodeValue.replaceAll(from, to)
  })(${JSON.stringify([place, documents])})`)
}

/** Until nothing is awaited any more: no loader turns, every picture is drawn. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(500)
  while ((await page.locator('.mantine-Loader-root').count()) > 0) await page.waitForTimeout(250)
  await page.waitForTimeout(2500)
}

const names = process.argv.slice(2)
const unknown = names.filter((name) => !pictures.some((picture) => picture.name === name))
if (unknown.length > 0) throw new Error(`There is no picture ${unknown.join(', ')}.`)
const wanted = pictures.filter(({ name }) => names.length === 0 || names.includes(name))
const place = await mkdtemp(join(tmpdir(), 'anchorage-pictures-'))
const log = pino({ level: 'silent' })
const engine = createEngineProcess({
  start: () => forkEngine(resolve(import.meta.dirname, '../../out/engine.js'), log),
  log
})
const held = heldEngine(engine)
const { host } = await startWorkbenchOn(held.engine, place, [sampleFolder])
const browser = await startChromium()
let isOpen = false
try {
  await mkdir(folder, { recursive: true })
  for (const { name, screen, scheme, viewport, prepare } of wanted) {
    const page = await browser.newPage({ viewport, colorScheme: scheme })
    await page.goto(host.url)
    if (screen !== null) {
      if (isOpen) await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
      else await openSample(page)
      isOpen = true
      await page.evaluate(`location.hash = '#${screen}'`)
    }
    await settle(page)
    await prepare?.(page, held)
    await settle(page)
    await nameDocuments(page, place)
    await page.screenshot({ path: join(folder, `${name}.png`) })
    await page.close()
  }
} finally {
  await browser.close()
  held.release()
  await host.close()
  await engine.stop()
  await rm(place, { recursive: true, force: true })
}
