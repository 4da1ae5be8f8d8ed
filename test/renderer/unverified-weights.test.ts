/** In a real browser: results of an older version say that it is not known with which weights they were computed. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { registerModel } from '#main/catalogue/models.ts'
import { expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openPrepared } from '#test/support/prepared-project.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { evaluatedRun, sampleRun } from '#test/support/sample-records.ts'

describe.skipIf(!hasChromium())('weights', () => {
  it('that were not noted are told of in the table of runs and at the run, those of models at the model', async () => {
    const window = await openWindow()
    const { page, folder, faults } = window
    const model = join(folder, 'tiny')
    await cp(referenceModelFolder('bert'), model, { recursive: true })
    await openPrepared(window, async (project) => {
      await registerModel(project, { folder: model })
      await project.store.write(async ({ runs }) => {
        await runs.put(evaluatedRun(sampleRun('older')))
        await runs.put(sampleRun('transferred'))
      })
    })
    // Hashed in the background, as soon as the project is open.
    const { weights } = await window.engine.call('models.weights', { model: { folder: model }, known: [] })
    await page.getByRole('button', { name: 'tiny', exact: true }).click()
    await page
      .getByRole('article', { name: 'tiny' })
      .getByText(`SHA-256 ${weights.slice(0, 16)}…`)
      .waitFor()
    await show(page, 'Runs')
    await page.getByText('weights unverified', { exact: true }).waitFor()
    expect(await page.getByText('weights unverified', { exact: true }).count()).toBe(1)
    await page.getByRole('button', { name: 'older' }).click()
    const details = page.getByRole('complementary', { name: 'Inspector' })
    await details.getByText('did not note the weights of albert').waitFor()
    await expectAccessible(page)
    expect(faults).toEqual([])
  })
})
