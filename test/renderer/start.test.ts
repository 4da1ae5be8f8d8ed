/** The start screen in a real browser: the sample among the documents, opened again or anew. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openSample, sampleCopy } from '#test/support/open-sample.ts'

async function closeProject(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'Close project' }).click()
  await page.getByRole('heading', { name: 'Anchorage' }).waitFor()
}

describe.skipIf(!hasChromium())('the start screen', { timeout: 120_000 }, () => {
  it('puts the sample among the documents, says where, and opens it again as it was left', async () => {
    const { page, folder, faults } = await openWindow()
    await page.getByText(`Your copy goes to ${join(folder, 'Anchorage')}`).waitFor()
    await openSample(page)
    await show(page, 'Runs')
    await page.getByLabel('Filter').fill('capital')
    await closeProject(page)
    await page.getByText(`Your copy: ${sampleCopy(folder)}`).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Open sample', exact: true }).click()
    await show(page, 'Runs')
    expect(await page.getByLabel('Filter').inputValue()).toBe('capital')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await closeProject(page)

    await page.getByRole('button', { name: 'New copy' }).click()
    await show(page, 'Runs')
    expect(await page.getByLabel('Filter').inputValue()).toBe('')
    expect((await readdir(join(folder, 'Anchorage'))).filter((name) => /\.anchorage$/.test(name))).toEqual([
      'Sample 2.anchorage',
      'Sample.anchorage'
    ])
    await closeProject(page)
    await page.getByRole('button', { name: 'Open Sample', exact: true }).click()
    await show(page, 'Runs')
    expect(await page.getByLabel('Filter').inputValue()).toBe('capital')
    expect(faults).toEqual([])
  })
})
