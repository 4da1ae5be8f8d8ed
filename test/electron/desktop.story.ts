/** A person's day with the desktop application in a real Electron. Each step goes on from the one before. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  answerDialogs,
  engineProcess,
  newPerson,
  type Person,
  type Started,
  settings,
  start
} from './application.ts'

let person: Person
let now: Started
const faults: string[] = []

beforeAll(async () => {
  person = newPerson()
  now = await start(person)
})
afterAll(async () => {
  await now.application.close().catch(() => {})
})

async function go(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: screen, exact: true }).click()
}

/** Chooses from a list, which a dialog may have opened by itself: then it lies over its own field. */
async function choose(page: Page, field: Locator, option: string | RegExp): Promise<void> {
  await field.focus()
  await field.press('ArrowDown')
  await page.getByRole('option', { name: option }).click()
}

/** Kills the engine, and waits until another is there. */
async function killEngine(): Promise<void> {
  await expect.poll(() => engineProcess(now.processId), { timeout: 20_000 }).toBeDefined()
  const running = engineProcess(now.processId)
  // Without a process to kill, 0 would be the test's own group.
  if (running === undefined) throw new Error('There is no engine to kill.')
  process.kill(running, 'SIGKILL')
  await expect.poll(() => engineProcess(now.processId), { timeout: 20_000 }).not.toBe(running)
}

/** What the project leaves in its folder: a log of unwritten changes and a lock would be more. */
function leftInWork(): string[] {
  return readdirSync(person.work).sort()
}

describe('the desktop application', () => {
  it('shows the page of its own scheme, without Node, and opens no other window', async () => {
    const { page } = now
    await page.getByRole('button', { name: 'Open sample' }).waitFor()
    const seen = await page.evaluate(`({
      origin: location.origin,
      isSecure: isSecureContext,
      node: [typeof window.require, typeof window.process],
      bridge: Object.keys(window.anchorageBridge),
      opened: String(window.open('https://example.org'))
    })`)
    expect(seen).toEqual({
      origin: 'app://anchorage',
      isSecure: true,
      node: ['undefined', 'undefined'],
      bridge: ['connect', 'pathOfDropped'],
      opened: 'null'
    })
  })

  it('opens the sample and tries the devices in processes of their own', async () => {
    const { application, page } = now
    await answerDialogs(application, person.work)
    await page.getByRole('button', { name: 'Open sample' }).click()
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await page.getByText('Device: cpu').waitFor({ timeout: 60_000 })
  })

  it('mixes the prompts of the sample: mean matching 0.5809', async () => {
    const { page } = now
    await go(page, 'Mix')
    await page.getByText('0.5809').first().waitFor({ timeout: 30_000 })
  })

  it('goes on with a job whose engine is killed', async () => {
    const { page } = now
    await go(page, 'Prompts')
    await page.getByRole('button', { name: /^Tune/ }).first().click()
    const dialog = page.getByRole('dialog')
    await choose(page, dialog.getByPlaceholder('choose a model with a graph'), 'bert-large')
    await dialog.getByLabel('Seeds').fill('0,1,2,3,4,5,6,7')
    await choose(page, dialog.getByLabel('Tasks').first(), /^native-language/)
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: /^Tune/ }).last().click()
    await page.getByText('0 of 8 done').waitFor()
    await killEngine()
    await page.getByText('1 of 8 done').waitFor({ timeout: 60_000 })
    // Electron doesn't always learn of the signal.
    expect(settings(person, 'logs/anchorage.log')).toMatch(
      /the engine ended: the process (was ended by SIGKILL|ended unexpectedly)/
    )
  })

  it('ends in order on SIGTERM at work: no log of unwritten changes, no lock', async () => {
    faults.push(...now.faults)
    process.kill(now.processId, 'SIGTERM')
    expect(await now.exited).toBe(0)
    expect(leftInWork()).toEqual(['Sample files', 'Sample.anchorage'])
    expect(settings(person, 'window.json')).toContain('bounds')
  })

  it('opens a project that is named by its address, and its queue goes on', async () => {
    now = await start(person, pathToFileURL(join(person.work, 'Sample.anchorage')).href)
    await now.page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await now.page.getByText(/Queue: \d \/ 8/).waitFor()
  })

  it('opens where it was, and does not creep', async () => {
    const before = JSON.parse(settings(person, 'window.json'))
    // As long as a window manager may take, which it waits before it measures.
    await now.page.waitForTimeout(1500)
    await now.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    expect(await now.exited).toBe(0)
    expect(JSON.parse(settings(person, 'window.json'))).toEqual(before)
  })

  it('says that an engine was given up, and restarts it', async () => {
    now = await start(person, join(person.work, 'Sample.anchorage'))
    const { page } = now
    await page.getByText(/Queue: \d \/ 8/).waitFor()
    for (let death = 0; death < 3; death++) await killEngine()
    await page.getByRole('button', { name: 'Queue: engine stopped' }).click()
    await page.getByRole('button', { name: 'Restart engine' }).click()
    await expect.poll(() => engineProcess(now.processId), { timeout: 20_000 }).toBeDefined()
    await page.getByRole('button', { name: 'Restart engine' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
  })

  it('ends in order when its window is closed, and the page has reported no fault', async () => {
    faults.push(...now.faults)
    await now.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    expect(await now.exited).toBe(0)
    expect(leftInWork()).toEqual(['Sample files', 'Sample.anchorage'])
    expect(faults).toEqual([])
  })
})
