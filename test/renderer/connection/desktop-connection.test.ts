/** The page of a desktop window in a real Chromium: what it does with the host that only such a window has. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { paperAddress } from '#preload/contract/safe-link.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { type DesktopPage, openDesktopPage } from '#test/support/desktop-page.ts'
import { clipboard, dialogs, shell } from '#test/support/electron/substitute.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** The page with an empty project open. */
async function openProject(): Promise<DesktopPage> {
  const folder = await temporaryFolder()
  const opened = await openDesktopPage(folder, engineInProcess())
  dialogs.paths = [join(folder, 'story.anchorage')]
  await opened.page.getByRole('button', { name: 'New project' }).click()
  await opened.page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
  return opened
}

describe.skipIf(!hasChromium())('the page of a desktop window', () => {
  it('follows the menu', async () => {
    const { page, connection } = await openProject()
    connection.command({ kind: 'show-screen', path: '/anchors' })
    await page.getByRole('heading', { name: 'Anchors', exact: true }).waitFor()
    for (const scheme of ['dark', 'light'] as const) {
      connection.command({ kind: 'set-colours', scheme })
      await page.locator(`[data-mantine-color-scheme=${scheme}]`).first().waitFor({ state: 'attached' })
    }
  })

  it('connects again when it is loaded again', async () => {
    const { page } = await openProject()
    await page.reload()
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
  })

  it('shows a model in the file manager, and opens links outside of itself', async () => {
    const { page } = await openProject()
    dialogs.paths = [referenceModelFolder('bert')]
    await page.getByRole('button', { name: 'Add a model' }).click()
    await page.getByRole('button', { name: 'tiny-bert', exact: true }).click()
    await page.getByRole('button', { name: 'Show in folder: tiny-bert' }).click()
    await expect.poll(() => shell.shown).toEqual([referenceModelFolder('bert')])
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'Close project' }).click()
    await page.getByRole('button', { name: 'The method’s paper' }).click()
    await expect.poll(() => shell.opened).toEqual([paperAddress])
    expect(page.context().pages()).toHaveLength(1)
  })

  it('copies the details of an error', async () => {
    const { page } = await openProject()
    const folder = await temporaryFolder()
    dialogs.paths = [folder]
    await page.getByRole('button', { name: 'Add a model' }).click()
    await page.getByRole('button', { name: 'Copy details' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(clipboard.text).toContain(folder)
  })

  it('opens a project that is dropped on it', async () => {
    const { page } = await openDesktopPage(await temporaryFolder(), engineInProcess())
    await page.getByRole('button', { name: 'New project' }).waitFor()
    await page.evaluate(`
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([], 'experiment.anchorage'))
      for (const name of ['dragover', 'drop'])
        window.dispatchEvent(new DragEvent(name, { dataTransfer, cancelable: true }))
    `)
    // There is no such file: what is said is about the path that the bridge gave.
    await page.getByRole('alert').getByText('/dropped/experiment.anchorage').first().waitFor()
  })
})
