/** An experiment in the window: made from a template, planned, run, its report opened. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject, expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { pasteAll } from '#test/support/paste-all.ts'
import { sampleFolder, smallExperiment } from '#test/support/small-experiment.ts'

describe.skipIf(!hasChromium())('the screen of experiments', () => {
  it('goes from a template to a report', { timeout: 300_000 }, async () => {
    const { page, folder, faults } = await openWindow([sampleFolder])
    await createProject(page)
    await show(page, 'Experiments')
    await expectAccessible(page)

    await page.getByRole('button', { name: 'New experiment' }).first().click()
    await page.getByRole('radio', { name: 'pair' }).check()
    await page.getByRole('button', { name: 'Choose location' }).click()
    await page.getByRole('button', { name: 'Create here' }).click()
    const editor = page.getByRole('textbox', { name: 'Experiment file' })
    await editor.waitFor()
    expect(await editor.textContent()).toContain('source:')
    await pasteAll(editor, smallExperiment())
    await page.getByRole('button', { name: 'Dry run' }).click()
    await page
      .getByText(/^0 of 16 cells are done; 4 work groups are left, 2 prompts to tune among them/)
      .waitFor()
    expect(await readFile(join(folder, 'pair.experiment.yaml'), 'utf8')).toBe(smallExperiment())

    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const experiment = page.getByRole('article', { name: 'small' })
    await experiment.getByText('All 16 cells are done.').waitFor({ timeout: 200_000 })
    await experiment.getByRole('button', { name: 'Show cells' }).click()
    const sets = experiment.getByRole('table', { name: 'sets' })
    await sets
      .getByRole('row', { name: /exact: bert-small \+ roberta-small/ })
      .getByText('2/2')
      .waitFor()
    await expectAccessible(page)

    await experiment.getByRole('button', { name: 'Open report' }).click()
    const report = page.frameLocator('iframe')
    await report.getByRole('heading', { name: 'small', exact: true }).waitFor()
    await report.getByText('All 16 cells were run.').waitFor()
    // The window's policy let the style of the report in.
    const width = await report.locator('body').evaluate('(body) => getComputedStyle(body).maxWidth')
    expect(width).not.toBe('none')
    expect(faults).toEqual([])
  })
})
