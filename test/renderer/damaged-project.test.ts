/** In a real browser: damage that was found in the project's file is told above whichever screen is shown. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { closedProjectOfManyPages, damagePage } from '#test/support/damaged-project.ts'

describe.skipIf(!hasChromium())('a damaged project', () => {
  it('is opened, and said to be damaged: where, and what to do', async () => {
    const { page, folder, faults } = await openWindow()
    const path = join(folder, 'story.anchorage')
    await closedProjectOfManyPages(path)
    await damagePage(path)
    await page.getByRole('button', { name: 'Open project' }).click()
    await page.getByRole('button', { name: 'story.anchorage' }).click()
    const notice = page.getByRole('alert').filter({ hasText: 'The project file is damaged.' })
    await notice.getByText(path).waitFor()
    await notice.getByText('Restore a backup.').waitFor()
    await show(page, 'Prompts')
    await page.getByText('P19', { exact: true }).first().waitFor()
    expect(await notice.count()).toBe(1)
    await expectAccessible(page)
    expect(faults).toEqual([])
  })
})
