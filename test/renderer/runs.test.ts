/** Runs, comparison and export in a real browser, on the sample and on a project of ten thousand runs. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { readPrompt } from '../../engine/prompts/read-prompt.ts'
import { openStoreToRead } from '../../main/store/project-store.ts'
import { expectAccessible, openSample, openWindow, show } from '../support/browser-window.ts'
import { hasChromium } from '../support/chromium.ts'
import { writeManyRuns } from '../support/many-runs.ts'

const manyRuns = 10_000

/** What a menu of a picture saves. */
async function savedFrom(page: Page, picture: string, item: string): Promise<string> {
  await page.getByRole('button', { name: `Save or show ${picture}` }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click()
  ])
  return await readFile(await download.path(), 'utf8')
}

describe.skipIf(!hasChromium())('runs', () => {
  it('of the sample: from the start to a figure and an exported prompt of two sources', async () => {
    const { page, folder, faults } = await openWindow()
    await openSample(page)
    const store = await openStoreToRead(join(folder, 'Sample.anchorage'))
    const runs = await store.read.runs.overview()
    const both = runs.filter(
      ({ manifest }) =>
        manifest.target.name === 'bert-large' &&
        manifest.sources.length === 2 &&
        manifest.solver.kind === 'exact' &&
        manifest.anchors.count === 512
    )
    expect(both).toHaveLength(22)

    await show(page, 'Compare')
    await page.getByRole('figure', { name: 'Sources and targets: mean accuracy' }).waitFor()
    await page.locator('.js-plotly-plot').first().waitFor()
    await expectAccessible(page)
    const cell = runs.filter(
      ({ manifest }) =>
        manifest.target.name === 'bert-large' && manifest.sources[0]?.model.name === 'roberta-small'
    )
    const alone = cell.filter(({ manifest }) => manifest.sources.length === 1)
    const mean =
      alone.reduce((sum, { evaluation }) => sum + (evaluation?.scores.accuracy ?? 0), 0) / alone.length
    const csv = await savedFrom(page, 'Sources and targets: mean accuracy', 'Save data as CSV')
    const row = csv.split('\r\n').find((line) => line.startsWith('roberta-small,'))
    expect(Number(row?.split(',')[1])).toBeCloseTo(mean, 10)
    expect(await savedFrom(page, 'Sources and targets: mean accuracy', 'Save SVG')).toContain('<svg')

    await show(page, 'Runs')
    await page
      .getByLabel('Filter')
      .fill('sources:"bert-small + roberta-small" target:bert-large anchors=512 search:exact')
    await page.getByText(`22 of ${runs.length} runs`).waitFor()
    await expectAccessible(page)
    await page.getByRole('checkbox', { name: 'Choose capital', exact: true }).click()
    await page.getByRole('button', { name: 'Export …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export the prompt' })
    await dialog.getByRole('combobox', { name: 'Format' }).click()
    await page.getByRole('option', { name: 'NumPy .npy' }).click()
    await dialog.getByRole('button', { name: 'capital.npy' }).waitFor()
    await dialog.getByRole('button', { name: 'Write files' }).click()
    await page.getByRole('button', { name: 'Choose this folder' }).click()
    await dialog.getByText('2 files were written').waitFor()

    const capital = both.find(({ manifest }) => manifest.relation === 'capital')
    const stored = await store.read.prompts.byRun(capital?.id ?? '')
    await store.close()
    const written = await readPrompt({ path: join(folder, 'capital.npy') })
    expect(written.vectors).toEqual(stored?.prompt.vectors)
    const beside: { run: string } = JSON.parse(await readFile(join(folder, 'capital.manifest.json'), 'utf8'))
    expect(beside.run).toBe(capital?.id)
    expect(faults).toEqual([])
  })

  it('keeps what the table showed through a reload, tags and notes', async () => {
    const { page } = await openWindow()
    await openSample(page)
    await show(page, 'Runs')
    await page.getByLabel('Filter').fill('capital search:adam')
    await page.getByText(/^1 of /).waitFor()
    await page.getByRole('checkbox', { name: 'Choose capital', exact: true }).click()
    await page.getByRole('button', { name: 'Tag …' }).click()
    await page.getByLabel('New tag').fill('to keep')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Take to keep off' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'capital', exact: true }).click()
    await page.getByRole('figure', { name: 'The search' }).waitFor()
    await page.getByLabel('New note').fill('Adam stops early here.')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText('Adam stops early here.').first().waitFor()
    // The state of the table is stored a moment after its last change.
    await page.waitForTimeout(800)
    await page.reload()
    await page.getByText(/^1 of /).waitFor()
    await page.getByLabel('Filter').fill('tags:keep')
    await page.getByRole('button', { name: 'capital', exact: true }).click()
    await page.getByText('Adam stops early here.').waitFor()
  })

  it('by the thousand are opened, sorted, filtered and scrolled, a few rows drawn at a time', async () => {
    const { page, folder, host, faults } = await openWindow()
    const path = join(folder, 'many.anchorage')
    const best = await writeManyRuns(path, manyRuns)
    await host.service.open(path)
    await page.reload()
    await show(page, 'Runs')
    await page.getByText('10,000 runs').waitFor()
    const table = page.getByRole('region', { name: 'Table of runs' })
    await table.getByRole('button', { name: 'Matching' }).click()
    await table.getByRole('columnheader', { name: 'Matching' }).getByText('↓').waitFor()
    await table.getByText(best.toFixed(4)).first().waitFor()
    expect(await table.getByRole('row').count()).toBeLessThan(100)
    await page.getByLabel('Filter').fill('target:gpt2 anchors=64 matching>0.9')
    const expected = Array.from({ length: manyRuns }, (_, index) => index).filter(
      (index) => index % 3 === 1 && index % 4 === 0 && 0.5 + ((index * 37) % 5000) / 10_000 > 0.9
    ).length
    await page.getByText(`${expected} of 10,000 runs`).waitFor()
    await page.getByLabel('Filter').fill('')
    await page.getByText('10,000 runs').waitFor()
    await table.getByRole('button', { name: 'Run', exact: true }).click()
    await table.getByRole('button', { name: 'run 00000' }).waitFor()
    await table.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
    await table.getByRole('button', { name: 'run 09999' }).waitFor()
    await expectAccessible(page)
    expect(faults).toEqual([])
  })
})
