/** The screen of models in a real browser: what a card says is what the engine says. */
import { cp, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
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
import { samplePrompt, sampleReport } from '#test/support/sample-records.ts'

afterEach(() => vi.unstubAllEnvs())

/** The model in the inspector, opened by its row. */
async function inspect({ page }: BrowserWindow, name: string) {
  await page.getByRole('button', { name, exact: true }).click()
  return page.getByRole('article', { name })
}

/** Rows of the table of models, without its head. */
async function rows(page: Page): Promise<number> {
  return await page.getByRole('region', { name: 'Models' }).locator('tbody tr[data-chosen]').count()
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
      const shown = await inspect(window, report.name)
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
    const shown = await inspect(window, name)
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
    await page.getByText('folder is missing').first().waitFor()
    await inspect(window, 'old')
    await page.getByText('Its folder is not where it was: say where it is now.').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Relocate old' }).click()
    await page.getByRole('button', { name: 'now/' }).click()
    await expectFolder(page.getByRole('dialog'), now)
    await page.getByRole('button', { name: 'Choose this folder' }).click()
    await page.getByRole('article', { name: 'now' }).getByText('tune', { exact: true }).waitFor()
    expect(await page.getByText('folder is missing').count()).toBe(0)
  })

  it('keeps forty models usable: few rows drawn, a filter, one in full on demand', async () => {
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
    expect(await rows(page)).toBeGreaterThan(20)
    await page.getByRole('textbox', { name: 'Filter' }).fill('albert')
    await page.getByText('10 of 40 models', { exact: true }).waitFor()
    expect(await rows(page)).toBe(10)
    await page.getByRole('textbox', { name: 'Filter' }).fill('uncased-22')
    await page.getByRole('button', { name: /uncased-22$/ }).click()
    const only = page.getByRole('article')
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
    await expectFolder(page.getByRole('dialog', { name: 'A folder with models in it' }), join(folder, 'mine'))
    await page.getByRole('button', { name: 'Choose this folder' }).click()
    await row('table').getByText('no query', { exact: true }).waitFor()
    await row('table').getByRole('button', { name: 'Add table' }).click()
    await row('table').getByRole('button', { name: 'table is added' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await (await inspect(window, 'someone/tiny')).getByText('tune', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'table', exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  it('adds a folder of many models at once, and says of one that is there already that it is', async () => {
    const window = await openWindow([referenceFolder])
    const { page, folder, faults } = window
    for (const family of ['bert', 'gpt2'])
      await cp(referenceModelFolder(family), join(folder, 'many', family), { recursive: true })
    await createProject(page)
    const choose = async (...parts: string[]) => {
      await page.getByRole('button', { name: 'Add a model' }).click()
      const chooser = page.getByRole('dialog', { name: 'Add a model: choose its folder' })
      await chooser.getByLabel('Path').fill(join(folder, ...parts))
      await page.keyboard.press('Enter')
      await expectFolder(chooser, join(folder, ...parts))
      await chooser.getByRole('button', { name: 'Choose this folder' }).click()
    }
    await choose('many')
    const dialog = page.getByRole('dialog', { name: 'Found on this computer' })
    await dialog.getByRole('button', { name: 'Add all 2' }).click()
    await dialog.getByRole('button', { name: 'bert is added' }).waitFor()
    await dialog.getByRole('button', { name: 'gpt2 is added' }).waitFor()
    await page.keyboard.press('Escape')
    await choose('many', 'bert')
    await page.getByText('bert is in the project already: nothing was added.').waitFor()
    await page.getByText('2 models', { exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  it('says what hangs on a model that is removed, and forgets an error that was mended', async () => {
    const window = await openWindow([referenceFolder])
    const { page, folder } = window
    await openPrepared(window, async (project) => {
      const model = await registerModel(project, { folder: referenceModelFolder('bert') })
      const { report } = model
      await project.store.write(async ({ prompts }) => {
        for (const name of ['one', 'two'])
          await prompts.add({
            ...samplePrompt(name, report.width),
            model: { name: report.name, tableFingerprint: report.fingerprint.table }
          })
      })
    })
    await inspect(window, 'tiny-bert')
    await page.getByRole('button', { name: 'Remove tiny-bert' }).click()
    await page.getByText('2 prompts of it stay, of no use until it is added again.').waitFor()

    await mkdir(join(folder, 'empty'))
    const add = async (path: string) => {
      await page.getByRole('button', { name: 'Add a model' }).click()
      const chooser = page.getByRole('dialog', { name: 'Add a model: choose its folder' })
      await chooser.getByLabel('Path').fill(path)
      await page.keyboard.press('Enter')
      await expectFolder(chooser, path)
      await chooser.getByRole('button', { name: 'Choose this folder' }).click()
    }
    await add(join(folder, 'empty'))
    await page.getByRole('alert').waitFor()
    await add(referenceModelFolder('bert'))
    await page.getByRole('button', { name: 'tiny-bert', exact: true }).waitFor()
    await page.getByRole('alert').waitFor({ state: 'detached' })
    await add(join(folder, 'empty'))
    await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
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
