/** The screen of models in a real browser: what a card says is what the engine says. */
import { cp, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { registerModel } from '#main/catalogue/models.ts'
import {
  type BrowserWindow,
  createProject,
  expectAccessible,
  expectFolder,
  openWindow
} from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { tableAlone } from '#test/support/model-folder.ts'
import { homeWithModels } from '#test/support/model-places.ts'
import { openPrepared } from '#test/support/prepared-project.ts'
import { referenceFamilies, referenceFolder, referenceModelFolder } from '#test/support/reference-models.ts'
import { sampleReport } from '#test/support/sample-records.ts'

afterEach(() => vi.unstubAllEnvs())

function card({ page }: BrowserWindow, name: string) {
  return page.getByRole('article', { name })
}

describe.skipIf(!hasChromium())('the screen of models', () => {
  it('says of each model what the engine says, and what stands in the way', async () => {
    const window = await openWindow([referenceFolder])
    const { page, engine, faults } = window
    const bare = await tableAlone()
    await openPrepared(window, async (project) => {
      for (const family of referenceFamilies)
        await registerModel(project, { folder: referenceModelFolder(family) })
      await registerModel(project, { folder: bare })
    })
    for (const family of referenceFamilies) {
      const reference = { folder: referenceModelFolder(family) }
      const report = await engine.call('models.inspect', reference)
      const { obstacles } = await engine.call('graph.inspect', reference)
      const shown = card(window, report.name)
      await shown.scrollIntoViewIfNeeded()
      await shown.getByText('query', { exact: true }).waitFor()
      await shown.getByText(obstacles.length === 0 ? 'tune' : 'no tune', { exact: true }).waitFor()
      const row = async (name: string) => await shown.getByRole('row', { name }).textContent()
      expect(await row('Width')).toBe(`Width${report.width}`)
      const figure = async (name: string) => Number((await row(name))?.slice(name.length))
      expect(await figure('Mean')).toBe(Number(report.mean.toPrecision(4)))
      expect(await figure('Embedding SD')).toBe(Number(report.standardDeviation.toPrecision(4)))
      expect(await row('Vocabulary')).toContain(report.vocabularySize.toLocaleString('en-US'))
    }
    const { graph, name } = await engine.call('models.inspect', { folder: bare })
    const shown = card(window, name)
    await shown.getByText('no query', { exact: true }).waitFor()
    await shown.getByText('no tune', { exact: true }).waitFor()
    await shown.getByText(graph.note).waitFor()
    await expectAccessible(page)
    expect(faults).toEqual([])
  })

  it('says which model is missing, and finds it again where the person says', async () => {
    const window = await openWindow()
    const { page, folder } = window
    const [old, now] = [join(folder, 'old'), join(folder, 'now')]
    await cp(referenceModelFolder('bert'), old, { recursive: true })
    await openPrepared(window, async (project) => {
      await registerModel(project, { folder: old })
      await rename(old, now)
    })
    await page.getByText('folder is missing').waitFor()
    await page.getByText('Its folder is not where it was: say where it is now.').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Relocate old' }).click()
    await page.getByRole('button', { name: 'now/' }).click()
    await expectFolder(page.getByRole('dialog'), now)
    await page.getByRole('button', { name: 'Choose this folder' }).click()
    await card(window, 'now').getByText('tune', { exact: true }).waitFor()
    expect(await page.getByText('folder is missing').count()).toBe(0)
  })

  it('keeps forty models usable: compact cards, a filter, more of one on demand', async () => {
    const window = await openWindow()
    const { page } = window
    const families = ['bert', 'roberta', 'albert', 'gpt2']
    await openPrepared(window, async ({ store }) => {
      await store.write(async ({ models }) => {
        for (let i = 0; i < 40; i++) {
          const name = `organisation-with-a-long-name/${families[i % 4]}-pretrained-uncased-${i}`
          const report = { ...sampleReport(name, 64 + i), family: families[i % 4] }
          await models.add({ folder: `/models/${name}` }, report)
        }
      })
    })
    await page.getByText('40 models', { exact: true }).waitFor()
    expect(await page.getByRole('article').count()).toBe(40)
    await page.getByRole('textbox', { name: 'Filter' }).fill('albert')
    await page.getByText('10 of 40 models', { exact: true }).waitFor()
    expect(await page.getByRole('article').count()).toBe(10)
    await page.getByRole('textbox', { name: 'Filter' }).fill('uncased-22')
    const only = page.getByRole('article')
    await only.getByRole('button', { name: /^More of/ }).click()
    expect(await only.getByRole('row', { name: 'Width' }).textContent()).toBe('Width86')
    await only.getByRole('button', { name: /^Remove/ }).click()
    await page.getByText('0 of 39 models', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('1 of 40 models', { exact: true }).waitFor()
    await expectAccessible(page)
  })

  it('lists the models that lie on the computer with what each can do, and adds one', async () => {
    const window = await openWindow()
    const { page, folder, faults } = window
    const { home, hub } = await homeWithModels()
    await cp(await tableAlone(), join(folder, 'mine', 'table'), { recursive: true })
    vi.stubEnv('HF_HUB_CACHE', hub)
    vi.stubEnv('HOME', home)
    vi.stubEnv('USERPROFILE', home)
    await createProject(page)
    await page.getByRole('button', { name: 'Found on this computer' }).click()
    const dialog = page.getByRole('dialog', { name: 'Found on this computer' })
    const row = (name: string) => dialog.getByRole('article', { name })
    for (const name of ['someone/tiny', 'maker/gpt2/gpt2-f32'])
      for (const ability of ['transfer', 'query', 'tune'])
        await row(name).getByText(ability, { exact: true }).waitFor()
    await row('someone/broken').getByText('The cache holds no files of this model.').waitFor()
    expect(await row('someone/broken').getByRole('button').isDisabled()).toBe(true)
    await row('maker/gpt2/gpt2-f32').getByText('41.6 kB').waitFor()
    await expectAccessible(page)
    await row('someone/tiny').getByRole('button', { name: 'Add someone/tiny' }).click()
    await row('someone/tiny').getByRole('button', { name: 'someone/tiny is added' }).waitFor()

    await dialog.getByRole('button', { name: 'Look in a folder' }).click()
    await page.getByRole('button', { name: 'mine/' }).click()
    await expectFolder(page.getByRole('dialog').last(), join(folder, 'mine'))
    await page.getByRole('button', { name: 'Choose this folder' }).click()
    await row('table').getByText('no query', { exact: true }).waitFor()
    await row('table').getByRole('button', { name: 'Add table' }).click()
    await row('table').getByRole('button', { name: 'table is added' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await card(window, 'someone/tiny').getByText('tune', { exact: true }).waitFor()
    await card(window, 'table').waitFor()
    expect(faults).toEqual([])
  })

  it('asks where a dropped folder lies, because a browser does not tell', async () => {
    const window = await openWindow()
    const { page } = window
    await createProject(page)
    await page.evaluate(`
      const transfer = new DataTransfer()
      transfer.items.add(new File(['{}'], 'config.json'))
      dispatchEvent(new DragEvent('dragover', { dataTransfer: transfer, cancelable: true }))
    `)
    await page.getByText('Drop a model’s folder to add it').waitFor()
    await page.evaluate(`
      const dropped = new DataTransfer()
      dropped.items.add(new File(['{}'], 'config.json'))
      dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, cancelable: true }))
    `)
    await page.getByText('A browser doesn’t tell where a dropped folder lies').waitFor()
    await page.getByRole('dialog', { name: 'Add a model: choose its folder' }).waitFor()
  })
})
