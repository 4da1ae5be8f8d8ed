/** The start screen in a real browser: the sample among the documents, opened again or anew, and its tour. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openSample, sampleCopy } from '#test/support/open-sample.ts'

async function closeProject(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('menuitem', { name: 'Close project' }).click()
  await page.getByRole('heading', { name: 'Anchorage' }).waitFor()
}

/** What a click costs is counted. */
function counting(): { click(on: Locator): Promise<void>; clicks(): number } {
  let clicks = 0
  return {
    async click(on) {
      clicks++
      await on.click()
    },
    clicks: () => clicks
  }
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
    // Its tour was skipped in the copy before.
    expect(await page.getByRole('dialog').count()).toBe(0)
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

  it('leads a new copy of the sample by a tour of two steps, once, and again when it is asked for', async () => {
    const { page, faults } = await openWindow()
    const note = (step: string) => page.getByRole('dialog', { name: step })
    const focused = () => page.evaluate('document.activeElement.textContent')
    await page.getByRole('button', { name: 'Open sample', exact: true }).click()
    await note('1 of 2').waitFor()
    await expect.poll(focused).toBe('Open Combinations')
    await expectAccessible(page)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Combinations', exact: true }).waitFor()
    await note('2 of 2').waitFor()
    await expect.poll(focused).toBe('Show what to run next')
    await expectAccessible(page)
    // It covers nothing that can be clicked.
    for (const name of ['Export Sets of sources on bert-large', 'Open in Mix'])
      await page.getByRole('button', { name }).click({ trial: true, timeout: 5000 })
    await page.keyboard.press('Enter')
    await note('2 of 2').waitFor({ state: 'detached' })
    const next = page.getByRole('region', { name: 'Try next' })
    await expect.poll(async () => (await next.boundingBox())?.y).toBeLessThan(800)
    // At once: what a view shows is stored before the page goes.
    await page.reload()
    await page.getByRole('heading', { name: 'Try next' }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)

    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Command' }).fill('take the tour')
    await page.keyboard.press('Enter')
    await note('1 of 2').waitFor()
    await expect.poll(focused).toBe('Open Combinations')
    // Escape ends it from anywhere.
    await page.getByRole('link', { name: 'Combinations' }).focus()
    await page.keyboard.press('Escape')
    await note('1 of 2').waitFor({ state: 'detached' })

    // Where the inspector lies over the screen, the last step stands beside the figure.
    await page.setViewportSize({ width: 720, height: 450 })
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'Tour' }).click()
    await note('1 of 2').getByRole('button', { name: 'Open Combinations' }).click()
    await page.getByRole('button', { name: /^Export Sets of sources/ }).click({ trial: true, timeout: 5000 })
    await note('2 of 2').getByRole('button', { name: 'Done' }).click()
    await note('2 of 2').waitFor({ state: 'detached' })
    expect(faults).toEqual([])
  })

  it('is six clicks from the best pair, by how much, why, what is next, and the figure of it for a paper', async () => {
    const { page, faults } = await openWindow()
    const { click, clicks } = counting()
    await click(page.getByRole('button', { name: 'Open sample' }))
    await click(page.getByRole('button', { name: 'Open Combinations' }))
    const best = page.getByRole('listbox', { name: 'Sets of sources' }).getByRole('option').first()
    expect(await best.getAttribute('aria-label')).toContain('bert-small + roberta-small: 63.9 %')
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByRole('row', { name: /^Against roberta-small \+8\.1 points/ }).waitFor()
    await inspector.getByRole('row', { name: /^McNemar .*p < 0\.001 with Holm’s correction$/ }).waitFor()
    await inspector.getByRole('columnheader', { name: 'Nearest words' }).waitFor()
    await click(page.getByRole('button', { name: 'Show what to run next' }))
    await inspector.getByText('Every set of these sources was run').waitFor()
    await click(page.getByRole('button', { name: 'Export Sets of sources on bert-large' }))
    const saving = page.waitForEvent('download')
    await click(page.getByRole('menuitem', { name: 'Save PDF, one column' }))
    const pdf = await readFile(await (await saving).path(), 'latin1')
    // A column of a paper that has two.
    expect(Number(/\/MediaBox \[0 0 ([\d.]+)/.exec(pdf)?.[1])).toBeCloseTo(3.25 * 72, 1)
    expect(clicks()).toBeLessThanOrEqual(6)
    expect(faults).toEqual([])
  })
})
