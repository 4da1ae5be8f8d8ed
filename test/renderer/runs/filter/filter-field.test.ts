/** The filter of runs in a real browser: chips made, switched, changed and taken out, by keyboard and by mouse. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openSample } from '#test/support/open-sample.ts'

/** How long a busy machine may take. */
const patience = { timeout: 30_000 }

async function filterOf(page: Page) {
  await openSample(page)
  await show(page, 'Runs')
  const chips = page.getByRole('group', { name: 'Narrowed by' })
  const field = page.getByLabel('Filter', { exact: true })
  const text = (): Promise<string> => field.inputValue()
  const focused = (): Promise<unknown> => page.evaluate('document.activeElement.getAttribute("aria-label")')
  const status = page.getByRole('status').filter({ hasText: ' runs' })
  return { chips, field, text, focused, status }
}

describe.skipIf(!hasChromium())('the filter of runs', { timeout: 120_000 }, () => {
  it('is made by keyboard of the fields and values that occur, and each part is changed by keys', async () => {
    const { page, faults } = await openWindow()
    const { chips, text, focused, status } = await filterOf(page)
    await page.getByRole('button', { name: '+ filter' }).focus()
    await page.keyboard.press('Enter')
    const editor = page.getByRole('dialog', { name: 'Add to what it is narrowed by' })
    await editor.getByRole('option', { name: 'Sources' }).waitFor()
    await page.keyboard.type('sour')
    await page.keyboard.press('Enter')
    // The values with how many runs have each.
    await editor.getByRole('option', { name: /^bert-small \d+$/ }).waitFor()
    await expectAccessible(page)
    await page.keyboard.type('bert-small')
    await page.keyboard.press('Enter')
    await editor.waitFor({ state: 'detached' })
    expect(await text()).toBe('sources=bert-small')
    // Of the sample: 22 relations on two targets.
    await status.filter({ hasText: /^44 of / }).waitFor()
    const alone = await status.textContent()

    // That set alone, or every set that contains it.
    await chips.getByRole('button', { name: 'Sources is exactly bert-small', exact: true }).focus()
    await page.keyboard.press(':')
    await expect.poll(text, patience).toBe('sources:bert-small')
    await expect.poll(() => status.textContent(), patience).not.toBe(alone)
    await page.keyboard.press('=')
    await expect.poll(() => status.textContent(), patience).toBe(alone)

    await page.keyboard.press('Enter')
    const changed = page.getByRole('dialog', { name: 'Change Sources is exactly bert-small' })
    await changed.getByRole('combobox', { name: 'Value' }).fill('roberta-small')
    await page.keyboard.press('Enter')
    await expect.poll(text, patience).toBe('sources=roberta-small')
    await expect.poll(focused, patience).toBe('Sources is exactly roberta-small')

    await page.getByLabel('Filter', { exact: true }).fill('sources=roberta-small -method:adam accuracy>20%')
    // Back from the text are its chips, the last one first.
    await page.keyboard.press('Shift+Tab')
    await expect.poll(focused, patience).toBe('Accuracy more than 20%')
    await page.keyboard.press('Shift+Tab')
    await expect.poll(focused, patience).toBe('not Method contains adam')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(focused, patience).toBe('Sources is exactly roberta-small')
    await page.keyboard.press('ArrowRight')
    await expect.poll(focused, patience).toBe('not Method contains adam')
    await page.keyboard.press('Delete')
    await expect.poll(text, patience).toBe('sources=roberta-small accuracy>20%')
    // What comes after it takes its place.
    await expect.poll(focused, patience).toBe('Accuracy more than 20%')
    await expectAccessible(page)
    expect(faults).toEqual([])
  })

  it('has a sign to switch and a cross at each chip, and is the same in a link and for Compare', async () => {
    const { page, faults } = await openWindow()
    const { chips, text, status } = await filterOf(page)
    await page.evaluate(
      `location.hash = '#/runs?filter=${encodeURIComponent('sources=bert-small target:bert-large colour:red')}'`
    )
    const wrong = chips.getByRole('button', { name: 'colour contains red', exact: true })
    await wrong.waitFor()
    await page.getByText('no field is called colour').waitFor()
    await chips.getByRole('button', { name: 'Take out colour contains red' }).click()
    await page.getByText('no field is called colour').waitFor({ state: 'detached' })
    await status.filter({ hasText: /^22 of / }).waitFor()
    await chips.getByRole('button', { name: 'is exactly: make it “contains”' }).click()
    await expect.poll(text, patience).toBe('sources:bert-small target:bert-large')
    await expect.poll(() => status.textContent(), patience).not.toMatch(/^22 of /)
    const shown = /^(\d+) of/.exec((await status.textContent()) ?? '')?.[1]
    expect(Number(shown)).toBeGreaterThan(0)
    await page.getByRole('button', { name: `Compare ${shown}` }).click()
    await page.getByText(`${shown} chosen runs`).waitFor()
    expect(faults).toEqual([])
  })
})
