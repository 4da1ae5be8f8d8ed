/** The figures of the window in a real browser: series named beside the data, every point reached by keyboard. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { writeManyRuns } from '#test/support/many-runs.ts'
import { openSampleWindow } from '#test/support/sample-window.ts'

describe.skipIf(!hasChromium())('figures', { timeout: 180_000 }, () => {
  it('name their series above the data, however many, and hide one on demand', async () => {
    const { page, folder, faults } = await openWindow()
    const path = join(folder, 'many.anchorage')
    await writeManyRuns(path, 400)
    await page.getByRole('button', { name: 'Open project' }).click()
    await page.getByRole('button', { name: 'many.anchorage' }).click()
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await show(page, 'Compare')
    const figure = page.getByRole('figure', { name: /along Anchors$/ })
    await figure.locator('.js-plotly-plot').waitFor()
    const series = figure.getByRole('list', { name: 'Series' }).getByRole('button')
    expect(await series.count()).toBeGreaterThan(2)
    // The list stands above the picture, and plotly draws none of its own over it.
    const [list, plot] = [
      await figure.getByRole('list', { name: 'Series' }).boundingBox(),
      await figure.locator('.js-plotly-plot').boundingBox()
    ]
    expect((list?.y ?? 0) + (list?.height ?? 0)).toBeLessThanOrEqual((plot?.y ?? 0) + 1)
    expect(await figure.locator('.js-plotly-plot .legend').count()).toBe(0)
    const lines = figure.locator('.scatterlayer .trace')
    const before = await lines.count()
    await series.first().click()
    expect(await series.first().getAttribute('aria-pressed')).toBe('false')
    await expect.poll(() => lines.count()).toBeLessThan(before)
    await expectAccessible(page)

    // For a paper: as wide as a column, with letters of the fonts that every reader has.
    const saving = page.waitForEvent('download')
    await figure.getByRole('button', { name: /^Export / }).click()
    await page.getByRole('menuitem', { name: 'Save PDF, one column' }).click()
    const pdf = await readFile(await (await saving).path(), 'latin1')
    expect(pdf).toMatch(/^%PDF/)
    expect(Number(/\/MediaBox \[0 0 ([\d.]+)/.exec(pdf)?.[1])).toBeCloseTo(3.25 * 72, 1)
    expect(pdf).toContain('/BaseFont /Helvetica')
    expect(faults).toEqual([])
  })

  it('say every point that the arrow keys reach, and open it by Enter', async () => {
    const { page, faults } = await openSampleWindow()
    await show(page, 'Compare')
    const map = page.getByRole('application', { name: /^Sources and targets/ })
    await map.locator('.js-plotly-plot').waitFor()
    await map.focus()
    await page.keyboard.press('ArrowRight')
    const said = page.locator('figure [aria-live=polite]').first()
    await expect.poll(() => said.textContent(), { timeout: 10_000 }).toMatch(/→ bert-large: \d/)
    const first = await said.textContent()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => said.textContent(), { timeout: 10_000 }).not.toBe(first)
    const scatter = page.getByRole('application', { name: /^Accuracy against matching/ })
    await scatter.locator('.js-plotly-plot .point').first().waitFor()
    await scatter.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Inspector' }).getByText('Accuracy').first().waitFor()
    expect(faults).toEqual([])
  })

  it('are saved together, with tables, captions and what they are of', async () => {
    const { page, faults } = await openSampleWindow()
    for (const [screen, target] of [
      ['Combinations', 'bert-large'],
      ['Compare', 'all-targets']
    ] as const) {
      await show(page, screen)
      await page.getByRole('figure').first().waitFor()
      const titles = await page.getByRole('figure').getByRole('heading').allTextContents()
      const saving = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export all figures and tables' }).click()
      const download = await saving
      expect(download.suggestedFilename()).toBe(`sample-${screen.toLowerCase()}-${target}.zip`)
      const files = unzipSync(await readFile(await download.path()))
      const names = Object.keys(files).map((name) => name.replace(/^[^/]*\//, ''))
      const count = (pattern: RegExp): number => names.filter((name) => pattern.test(name)).length
      const all = titles.length
      expect(all).toBeGreaterThan(0)
      for (const ending of ['pdf', 'svg', 'png'])
        expect([ending, count(new RegExp(`^figures/${target}\\..+\\.${ending}$`))]).toEqual([ending, all])
      for (const ending of ['csv', 'tex'])
        expect([ending, count(new RegExp(`^tables/${target}\\..+\\.${ending}$`))]).toEqual([ending, all])
      const text = (ending: string): string =>
        strFromU8(Object.entries(files).find(([name]) => name.endsWith(ending))?.[1] ?? new Uint8Array())
      const readme = text('README.md')
      for (const title of titles) expect(readme).toContain(`## ${title}`)
      expect(readme).toMatch(/N: \d+ runs on 22 relations/)
      expect(readme).toContain('micro')
      expect(text('.pdf')).toMatch(/^%PDF/)
      expect(text('.svg')).toContain('<svg')
    }
    expect(faults).toEqual([])
  })
})
