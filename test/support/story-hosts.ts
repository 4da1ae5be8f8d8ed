/** The hosts that a story is told on, and how a person names a path on each. */
import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { _electron, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { electronRuntime } from '#main/hosts/start/electron-runtime.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { expectFolder, openWindow } from './browser-window.ts'
import { hasChromium } from './chromium.ts'
import { openDesktopPage } from './desktop-page.ts'
import { dialogs } from './electron/substitute.ts'
import { engineInProcess } from './engine-in-process.ts'
import { listenForFaults } from './page-faults.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type StoryWindow = {
  readonly page: Page
  /** Computes what a story expects to see. */
  readonly engine: EngineCalls
  /** Where projects may be made. */
  readonly folder: string
  /** Every error of the page and of its policy. */
  readonly faults: string[]
  /** Does what asks for an existing file or folder, and names it. */
  chooseExisting(path: string, ask: () => Promise<void>): Promise<void>
  /** Does what asks for a new file, and names it. */
  chooseNew(path: string, ask: () => Promise<void>): Promise<void>
  /** Does what saves a text file; what it holds. */
  saved(name: string, ask: () => Promise<void>): Promise<string>
}

type StoryHost = {
  readonly name: string
  readonly isThere: boolean
  /** A window on the start screen that may see a folder of its own and `roots`. */
  open(roots: readonly string[]): Promise<StoryWindow>
}

const root = resolve(import.meta.dirname, '../..')
const runtime = electronRuntime(
  join(root, 'node_modules/electron'),
  process.env['ELECTRON_OVERRIDE_DIST_PATH']
)

function hasElectron(): boolean {
  if (runtime !== null) return true
  process.stdout.write('skipped: no Electron runtime here; `npx install-electron` fetches it\n')
  return false
}

/** Goes to a folder in the chooser of the page, from the root that it lies in. */
async function goTo(page: Page, roots: readonly string[], folder: string): Promise<void> {
  const start = roots.find((root) => folder === root || folder.startsWith(`${root}${sep}`))
  if (start === undefined) throw new Error(`the page may not see ${folder}`)
  const dialog = page.getByRole('dialog').filter({ hasText: start }).last()
  await dialog.getByRole('button', { name: start, exact: true }).click()
  let reached = start
  for (const name of relative(start, folder).split(sep).filter(Boolean)) {
    await expectFolder(dialog, reached)
    await dialog.getByRole('button', { name: `${name}/`, exact: true }).click()
    reached = join(reached, name)
  }
  await expectFolder(dialog, reached)
}

/** A window in a browser's tab. */
export async function openInBrowser(roots: readonly string[]): Promise<StoryWindow> {
  const { page, engine, folder, faults } = await openWindow(roots)
  const seen = [folder, ...roots]
  return {
    page,
    engine,
    folder,
    faults,
    async chooseExisting(path, ask) {
      await ask()
      const isFolder = statSync(path).isDirectory()
      await goTo(page, seen, isFolder ? path : dirname(path))
      const choice = isFolder ? 'Choose this folder' : basename(path)
      await page.getByRole('button', { name: choice, exact: true }).click()
    },
    async chooseNew(path, ask) {
      await ask()
      await goTo(page, seen, dirname(path))
      await page.getByLabel('Name').fill(basename(path))
      await page.getByRole('button', { name: 'Create here' }).click()
    },
    async saved(name, ask) {
      const [download] = await Promise.all([page.waitForEvent('download'), ask()])
      expect(download.suggestedFilename()).toBe(name)
      return await readFile(await download.path(), 'utf8')
    }
  }
}

/** The text of a file that a host writes without a word to the page. */
async function written(path: string): Promise<string> {
  await expect.poll(() => existsSync(path), { timeout: 20_000 }).toBe(true)
  return await readFile(path, 'utf8')
}

async function openOnDesktop(): Promise<StoryWindow> {
  const folder = await temporaryFolder()
  const engine = engineInProcess()
  const { page, faults } = await openDesktopPage(folder, engine)
  const answer = async (path: string, ask: () => Promise<void>): Promise<void> => {
    dialogs.paths.push(path)
    await ask()
  }
  return {
    page,
    engine,
    folder,
    faults,
    chooseExisting: answer,
    chooseNew: answer,
    async saved(name, ask) {
      await answer(join(folder, name), ask)
      return await written(join(folder, name))
    }
  }
}

async function openInElectron(): Promise<StoryWindow> {
  const folder = await temporaryFolder()
  const application = await _electron.launch({
    ...(runtime === null ? {} : { executablePath: runtime }),
    args: [root, `--user-data-dir=${join(folder, '.settings')}`, '--no-sandbox']
  })
  onTestFinished(() => application.close())
  const page = await application.firstWindow()
  await application.evaluate(({ app }, documents) => app.setPath('documents', documents), folder)
  const answerSave = async (path: string, ask: () => Promise<void>): Promise<void> => {
    await application.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, path)
    await ask()
  }
  return {
    page,
    engine: engineInProcess(),
    folder,
    faults: listenForFaults(page),
    async chooseExisting(path, ask) {
      await application.evaluate(({ dialog }, filePath) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] })
        dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false })
      }, path)
      await ask()
    },
    chooseNew: answerSave,
    async saved(name, ask) {
      await answerSave(join(folder, name), ask)
      return await written(join(folder, name))
    }
  }
}

export const storyHosts: readonly StoryHost[] = [
  { name: 'in a browser', isThere: hasChromium(), open: openInBrowser },
  // The desktop host and its page, without Electron.
  { name: 'as a desktop page', isThere: hasChromium(), open: openOnDesktop },
  { name: 'in Electron', isThere: hasElectron(), open: openInElectron }
]

/** Whether this is `npm run test:all`, by vitest.config.ts. */
export const isLongRun = process.env['ANCHORAGE_TESTS'] === 'all'

/** For stories that take long: `npm test` tells them in a browser, the long run on the other hosts. */
export const hostsOfThisRun = storyHosts.filter(({ name }) => (name === 'in a browser') !== isLongRun)
