/** The editor of an experiment file: mistakes at their lines, completion, the form beside the text, and the keyboard's way out. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject, expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { pasteAll } from '#test/support/paste-all.ts'
import { sampleFolder, smallExperiment } from '#test/support/small-experiment.ts'

describe.skipIf(!hasChromium())('the editor of experiments', { timeout: 180_000 }, () => {
  it('marks mistakes, offers what may stand there, and has the same text as the form', async () => {
    const { page, folder, faults } = await openWindow([sampleFolder])
    await createProject(page)
    const path = join(folder, 'small.yaml')
    const wrong = smallExperiment(['methods: [exact]', 'methods: [exactly]'])
    await writeFile(path, wrong)
    await show(page, 'Experiments')
    await page.getByRole('button', { name: 'Open an experiment file' }).click()
    await page.getByRole('button', { name: 'small.yaml' }).click()

    const editor = page.getByRole('textbox', { name: 'Experiment file' })
    const line = wrong.slice(0, wrong.indexOf('exactly')).split('\n').length
    await page.getByRole('button', { name: `Line ${line}` }).click()
    await expect.poll(() => page.locator('.cm-activeLineGutter').first().textContent()).toBe(`${line}`)
    await page.locator('.cm-lintRange-error').waitFor()
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true)
    await expectAccessible(page)

    // The cursor stands before the word: the methods that the file names are offered there.
    await page.keyboard.press('Control+Space')
    await page.getByRole('option', { name: 'least-squares' }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await editor.evaluate((element) => element.contains(document.activeElement))).toBe(false)

    await pasteAll(editor, smallExperiment())
    await page.getByRole('button', { name: `Line ${line}` }).waitFor({ state: 'detached' })
    await page.getByText('Form', { exact: true }).click()
    const name = page.getByRole('textbox', { name: 'Name' })
    expect(await name.inputValue()).toBe('small')
    await name.fill('larger')
    await name.press('Enter')
    await page.getByRole('textbox', { name: 'Seeds' }).fill('1, 2')
    const tasks = page.getByRole('table', { name: 'Tasks', exact: true })
    const most = tasks.getByRole('textbox', { name: /^Max. examples of / })
    await most.fill('7')
    await most.press('Enter')
    await expectAccessible(page)
    await page.getByText('YAML', { exact: true }).click()
    await expect.poll(() => editor.textContent()).toContain('name: larger')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const expected = smallExperiment(['name: small', 'name: larger'])
    await expect.poll(() => readFile(path, 'utf8')).toContain('seeds: [1, 2]')
    const added = ['seeds: [1, 2]', '    limit: 7']
    const lines = (await readFile(path, 'utf8')).split('\n')
    expect(lines.filter((one) => added.includes(one))).toHaveLength(2)
    expect(lines.filter((one) => !added.includes(one))).toEqual(expected.split('\n'))
    expect(faults).toEqual([])
  })
})
