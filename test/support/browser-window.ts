/** A window of the workbench in a real Chromium: a page on a host of its own, and the steps that stories share. */
import type { Locator, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { SupervisedEngine } from '#main/project/context.ts'
import { seriousFindings } from './accessibility.ts'
import { type BrowserWorkbench, startWorkbenchOn } from './browser-workbench.ts'
import { type EngineInProcess, engineInProcess } from './engine-in-process.ts'
import { listenForFaults } from './page-faults.ts'
import { openContext } from './shared-browser.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type BrowserWindow<Engine extends SupervisedEngine = EngineInProcess> = BrowserWorkbench<Engine> & {
  page: Page
  /** Where projects may be made. */
  folder: string
  /** Every error of the page and of its policy. */
  faults: string[]
}

/** A page on a new host that may see a folder of its own and `roots`. */
export async function openWindow(roots: readonly string[] = []): Promise<BrowserWindow> {
  return await openWindowOn(engineInProcess(), roots)
}

/** As `openWindow`, on a given engine. */
export async function openWindowOn<Engine extends SupervisedEngine>(
  engine: Engine,
  roots: readonly string[] = []
): Promise<BrowserWindow<Engine>> {
  const window = await openBlankWindow(engine, roots)
  await window.page.goto(window.host.url)
  return window
}

/** As `openWindowOn`, with a page that is not loaded yet: it goes to the address of its host. */
export async function openBlankWindow<Engine extends SupervisedEngine>(
  engine: Engine,
  roots: readonly string[] = []
): Promise<BrowserWindow<Engine>> {
  const folder = await temporaryFolder()
  const workbench = await startWorkbenchOn(engine, folder, roots)
  // What is said last is done first: the page goes before its host.
  onTestFinished(() => workbench.host.close())
  const page = await (await openContext()).newPage()
  return { ...workbench, page, folder, faults: listenForFaults(page) }
}

/** From the start screen to an empty project called `story`. */
export async function createProject(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New project' }).click()
  await page.getByLabel('Name').fill('story')
  await page.getByRole('button', { name: 'Create here' }).click()
  await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
}

/** Goes to a screen by its name. */
export async function show(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: screen }).click()
  await page.getByRole('heading', { name: screen, exact: true }).waitFor()
}

/** Waits until the dialog that chooses a file or folder shows a folder. */
export async function expectFolder(chooser: Locator, folder: string): Promise<void> {
  await expect
    .poll(() => chooser.getByRole('textbox', { name: 'Path' }).inputValue(), { timeout: 30_000 })
    .toBe(folder)
}

/** Chooses an option of a field with a list. */
export async function choose(page: Page, label: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
  await page.keyboard.press('Escape')
}

/** Nothing serious keeps people from using the page, in either scheme. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    // As the system has it, which the page follows until a person says otherwise.
    await page.emulateMedia({ colorScheme: scheme })
    // What is not about colours is the same in both.
    const about = scheme === 'light' ? 'everything' : 'colours'
    expect({ scheme, findings: await seriousFindings(page, about) }).toEqual({ scheme, findings: [] })
  }
}
