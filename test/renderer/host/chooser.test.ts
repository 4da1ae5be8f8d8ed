/** Choosing files and folders in a browser: by clicks, by a path, from where the last choice was made. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject, expectAccessible, expectFolder, openWindow } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'

describe.skipIf(!hasChromium())('the chooser', () => {
  it('goes to a path, takes a file by it, and begins where the last choice was made', async () => {
    const { page, folder, faults } = await openWindow()
    const below = join(folder, 'some', 'where')
    await mkdir(below, { recursive: true })
    await page.getByRole('button', { name: 'New project' }).click()
    const chooser = page.getByRole('dialog')
    await chooser.getByLabel('Path').fill(below)
    await page.keyboard.press('Enter')
    await expectFolder(chooser, below)
    await chooser.getByLabel('Name').fill('story')
    await chooser.getByRole('button', { name: 'Create here' }).click()
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    // What the database keeps beside its file is not a project.
    await writeFile(join(below, 'other.anchorage-wal'), '')
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'Close project' }).click()
    await page.getByRole('button', { name: 'Open project' }).click()
    await expectFolder(chooser, below)
    await chooser.getByRole('button', { name: 'story.anchorage', exact: true }).waitFor()
    expect(await chooser.getByText('-wal').count()).toBe(0)
    await expectAccessible(page)
    await chooser.getByLabel('Path').fill(join(below, 'story.anchorage'))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Add a model' }).click()
    await expectFolder(chooser, below)
    await chooser.getByLabel('Path').fill(join(folder, 'nowhere'))
    await page.keyboard.press('Enter')
    await chooser.getByRole('alert').waitFor()
    await chooser.getByRole('button', { name: 'Try again' }).click()
    await expectFolder(chooser, folder)
    expect(faults).toEqual([])
  })

  it('says of a name that no system takes how long it may be', async () => {
    const { page } = await openWindow()
    await page.getByRole('button', { name: 'New project' }).click()
    const chooser = page.getByRole('dialog')
    await chooser.getByLabel('Name').fill('x'.repeat(300))
    await chooser.getByText('At most 200 characters').waitFor()
    expect(await chooser.getByRole('button', { name: 'Create here' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await createProject(page)
  })
})
