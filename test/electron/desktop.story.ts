/** A person's day with the desktop application in a real Electron. Each step goes on from the one before. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { engineProcess, processorSeconds, type Started, settings, start } from './application.ts'
import { newPerson, type Person } from './person.ts'
import type { TestedElectron } from './prepare.ts'

const electron = inject('electron')
let person: Person
let now: Started
const faults: string[] = []

function found(): TestedElectron {
  if (electron === null) throw new Error('There is no Electron here.')
  return electron
}

async function startAgain(...given: readonly string[]): Promise<Started> {
  return await start(person, found().application, ...given)
}

async function go(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: screen, exact: true }).click()
}

/** Chooses from a list, which a dialog may have opened by itself: then it lies over its own field. */
async function choose(page: Page, field: Locator, option: string | RegExp): Promise<void> {
  await field.focus()
  await field.press('ArrowDown')
  await page.getByRole('option', { name: option }).click()
}

/** Orders prompts tuned on bert-large; with as many epochs as that, none comes to its end in this story. */
async function orderTuning(page: Page, { seeds, epochs }: { seeds: string; epochs?: number }): Promise<void> {
  await go(page, 'Prompts')
  await page.getByRole('button', { name: /^Tune/ }).first().click()
  const dialog = page.getByRole('dialog')
  await choose(page, dialog.getByPlaceholder('choose a model with a graph'), 'bert-large')
  await dialog.getByLabel('Seeds').fill(seeds)
  await choose(page, dialog.getByLabel('Tasks').first(), /^native-language/)
  await page.keyboard.press('Escape')
  if (epochs !== undefined) {
    await dialog.getByRole('button', { name: /^Recipe/ }).click()
    await dialog.getByLabel('Epochs').fill(String(epochs))
  }
  await dialog.getByRole('button', { name: /^Tune/ }).last().click()
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

/** Kills the engine when it has computed for a while: starting it takes less. */
async function killEngineAtWork(): Promise<void> {
  await expect
    .poll(() => processorSeconds(engineProcess(now.processId)), { timeout: 60_000 })
    .toBeGreaterThan(3)
  await killEngine()
}

/** What the project leaves in its folder: a log of unwritten changes and a lock would be more. */
function leftInWork(): string[] {
  return readdirSync(join(person.work, 'Anchorage')).sort()
}

describe.skipIf(electron === null)('the desktop application', () => {
  beforeAll(async () => {
    person = newPerson(found())
    now = await startAgain()
  })
  afterAll(async () => {
    await now.application.close().catch(() => {})
  })

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
    await application.evaluate(({ app }, documents) => app.setPath('documents', documents), person.work)
    await page.getByRole('button', { name: 'Open sample' }).click()
    await page.getByRole('button', { name: 'Skip the tour' }).click()
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await page.getByText('Device: cpu').waitFor({ timeout: 60_000 })
  })

  it('mixes the prompts of the sample: mean matching 0.581', async () => {
    const { page } = now
    await go(page, 'Mix')
    await page.getByText('0.581', { exact: true }).first().waitFor({ timeout: 30_000 })
  })

  it('goes on with a job whose engine is killed', async () => {
    const { page } = now
    await orderTuning(page, { seeds: '0,1,2,3,4,5,6,7' })
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
    now = await startAgain(pathToFileURL(join(person.work, 'Anchorage', 'Sample.anchorage')).href)
    await now.page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await now.page.getByText(/Queue: \d \/ 8/).waitFor()
  })

  it('ends in order at work where a closed terminal ends all processes of its group', async () => {
    process.kill(-now.processId, 'SIGHUP')
    expect(await now.exited).toBe(0)
    expect(leftInWork()).toEqual(['Sample files', 'Sample.anchorage'])
    now = await startAgain(join(person.work, 'Anchorage', 'Sample.anchorage'))
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

  it('sets files aside that were worked on when the engine ended twice, and takes them up again', async () => {
    now = await startAgain(join(person.work, 'Anchorage', 'Sample.anchorage'))
    const { page } = now
    await page.getByRole('button', { name: /^Queue: \d \/ 8/ }).click()
    await page.getByRole('button', { name: /^Cancel all/ }).click()
    await page.getByRole('button', { name: 'Queue: idle' }).waitFor()
    // A file at which a call has come to a good end since the first death is not to blame for the second.
    await orderTuning(page, { seeds: '0', epochs: 100_000 })
    for (let death = 0; death < 2; death++) await killEngineAtWork()
    // The queue is shown still.
    await page.getByRole('button', { name: 'Queue: files set aside' }).waitFor()
    await page.getByText('Files are set aside').waitFor()
    await page
      .getByText('This file ended the engine twice.')
      .or(page.getByText('One of these files ended'))
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Resume', exact: true }).first().click()
    await page.getByText('Files are set aside').waitFor({ state: 'detached' })
  })

  it('says that an engine was given up, and restarts it', async () => {
    const { page } = now
    await killEngineAtWork()
    await page.getByText('The engine has stopped').waitFor()
    await page.getByRole('button', { name: 'Restart engine' }).click()
    await expect.poll(() => engineProcess(now.processId), { timeout: 20_000 }).toBeDefined()
    await page.getByRole('button', { name: 'Restart engine' }).waitFor({ state: 'detached' })
  })

  it('ends in order when its window is closed, and the page has reported no fault', async () => {
    faults.push(...now.faults)
    await now.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    expect(await now.exited).toBe(0)
    expect(leftInWork()).toEqual(['Sample files', 'Sample.anchorage'])
    expect(faults).toEqual([])
  })
})
