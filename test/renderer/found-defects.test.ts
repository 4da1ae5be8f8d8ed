/** Defects that a review of the window found on the sample, each as the person met it. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openSampleWindow } from '#test/support/sample-window.ts'

async function sampleOn(screen: string): Promise<Page> {
  const { page } = await openSampleWindow()
  await show(page, screen)
  return page
}

async function topOf(element: Locator): Promise<number> {
  return (await element.boundingBox())?.y ?? Number.NaN
}

describe.skipIf(!hasChromium())('of what a review found', { timeout: 120_000 }, () => {
  it('Compare shows the runs that the filter of Runs leaves, and no chosen one that it hides', async () => {
    const page = await sampleOn('Runs')
    const filter = page.getByLabel('Filter')
    await filter.fill('sources="bert-small + roberta-small"')
    await page
      .getByRole('checkbox', { name: /^Choose / })
      .nth(1)
      .click()
    await page.getByText(', 22 chosen').waitFor()
    await filter.fill('sources="bert-small"')
    await page.getByText('44 of 418 runs', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Compare 44', exact: true }).click()
    await page.getByRole('heading', { name: 'Compare', exact: true }).waitFor()
    await page.getByText('44 chosen runs', { exact: true }).waitFor()
  })

  it('a cell of the heat map leads to the runs of its set alone, and its colours have fixed limits', async () => {
    const page = await sampleOn('Compare')
    const map = page.getByRole('application', { name: /^Sources and targets/ })
    const plot = map.locator('.js-plotly-plot')
    await plot.waitFor()
    const limits = () =>
      page.evaluate(
        '(({ data: [{ zmin, zmax }] }) => [zmin, zmax])(document.querySelector(".js-plotly-plot"))'
      )
    expect(await limits()).toEqual([0, 1])
    await page.getByRole('radiogroup', { name: 'Figure' }).getByText('Matching').click()
    await page.getByText('Mean matching over runs').waitFor()
    expect(await limits()).toEqual([0, 1])
    await map.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
    const filter = await page.getByLabel('Filter').inputValue()
    const [, set] = /sources="([^"]*)"/.exec(filter) ?? []
    expect(set).toMatch(/^(ro)?bert(a)?-small$/)
    await page.getByText('22 of 418 runs', { exact: true }).waitFor()
  })

  it('the head of a scrolled table of runs is covered by no pinned cell', async () => {
    const page = await sampleOn('Runs')
    await page.setViewportSize({ width: 900, height: 500 })
    const table = page.getByRole('region', { name: 'Table of runs' })
    await table.getByRole('row').nth(10).waitFor()
    await table.evaluate((element) => element.scrollTo({ top: 200, left: 200 }))
    await expect.poll(() => table.evaluate((element) => element.scrollTop)).toBeGreaterThan(100)
    const head = table.getByRole('columnheader').filter({ hasText: /^Run/ }).first()
    const isOnTop = () =>
      head.evaluate((cell) => {
        const { left, top, width, height } = cell.getBoundingClientRect()
        return cell.contains(document.elementFromPoint(left + width / 2, top + height / 2))
      })
    await expect.poll(isOnTop).toBe(true)
  })

  it('a run in full says its accuracy, the matching of each source and its answers', async () => {
    const page = await sampleOn('Runs')
    await page
      .getByLabel('Filter')
      .fill('capital target:bert-large anchors=512 sources="bert-small + roberta-small" method:exact')
    await page.getByRole('button', { name: 'capital', exact: true }).click()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByRole('row', { name: /^Accuracy \d+\.\d % \(95 % .* N 40\)$/ }).waitFor()
    const vectors = inspector.getByRole('table', { name: 'Vectors' })
    for (const source of ['bert-small', 'roberta-small'])
      await vectors.getByRole('columnheader', { name: source, exact: true }).waitFor()
    await inspector.getByRole('table', { name: 'Answers' }).getByRole('row').nth(1).waitFor()
  })

  it('every example on which two configurations disagree can be reached', async () => {
    const page = await sampleOn('Compare')
    const which = page.getByRole('combobox', { name: 'Which disagreements' })
    await which.waitFor()
    const all = Number(/\d+/.exec(await which.inputValue())?.[0])
    const rows = page.getByRole('table', { name: 'Examples where they disagree' }).getByRole('row')
    expect(all).toBeGreaterThan(await rows.count())
    const more = page.getByRole('button', { name: /^Show more of / })
    while ((await more.count()) > 0) await more.click()
    expect(await rows.count()).toBe(all + 1)
  })

  it('runs are removed, and come back by undo', async () => {
    const page = await sampleOn('Runs')
    await page
      .getByRole('checkbox', { name: /^Choose / })
      .nth(1)
      .click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('22 runs were removed').waitFor()
    await page.getByText('396 runs', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('418 runs', { exact: true }).waitFor()
  })

  it('ticking a row moves nothing', async () => {
    const page = await sampleOn('Runs')
    for (const screen of ['Runs', 'Tasks']) {
      await show(page, screen)
      const row = page
        .locator('.screen-body')
        .getByRole('checkbox', { name: /^Choose / })
        .nth(1)
      await row.waitFor()
      const before = await topOf(row)
      await row.click()
      await page
        .getByText(/chosen$/)
        .first()
        .waitFor()
      expect({ screen, top: await topOf(row) }).toEqual({ screen, top: before })
    }
  })

  it('a job of the queue leads to the runs that it made', async () => {
    const page = await sampleOn('Models')
    await page.keyboard.press('Control+j')
    const job = page.getByRole('article', { name: 'bert-small → bert-large', exact: true })
    await job.getByText('22 of 22 steps').waitFor()
    await job.getByRole('button', { name: 'Show runs' }).click()
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
    await page.getByText('22 of 418 runs', { exact: true }).waitFor()
    const row = page
      .getByRole('region', { name: 'Table of runs' })
      .getByRole('row')
      .filter({ hasText: '22 relations' })
    // Rows are drawn a frame after the count above them.
    await row.getByText('bert-small', { exact: true }).waitFor()
    expect(await row.count()).toBe(1)
  })
})
