/** The screen of prompts in a real browser: import of every format, a long table, one prompt among words, tuning. */
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { type Prompt, writtenFormats } from '#engine/common/contract/prompts.ts'
import { registerModel } from '#main/catalogue/models.ts'
import { importPrompts } from '#main/catalogue/prompts.ts'
import { registerRelations } from '#main/catalogue/tasks.ts'
import {
  type BrowserWindow,
  choose,
  expectAccessible,
  expectFolder,
  openWindow,
  show
} from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { tableAlone } from '#test/support/model-folder.ts'
import { openPrepared } from '#test/support/prepared-project.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { samplePrompt, sampleReport } from '#test/support/sample-records.ts'
import { wordFacts, wordRelation } from '#test/support/word-tasks.ts'

const fixtures = join(import.meta.dirname, '../fixtures/prompts')

/** Chooses a file below the folder of the window in the open import. */
async function chooseBelow({ page, folder }: BrowserWindow, ...parts: string[]): Promise<void> {
  await page.getByRole('button', { name: 'Choose file or folder' }).click()
  const chooser = page.getByRole('dialog', { name: 'Prompts: a file, or a folder of them' })
  await chooser.getByRole('button', { name: folder, exact: true }).click()
  const last = parts.at(-1) ?? ''
  for (const part of parts.slice(0, -1))
    await chooser.getByRole('button', { name: `${part}/`, exact: true }).click()
  if (last.endsWith('/')) {
    await chooser.getByRole('button', { name: last, exact: true }).click()
    await expectFolder(chooser, join(folder, ...parts).replace(/\/$/, ''))
    await chooser.getByRole('button', { name: 'Choose this folder' }).click()
  } else await chooser.getByRole('button', { name: last, exact: true }).click()
}

/** Four vectors of width 4. */
const vectors: Prompt['vectors'] = {
  rows: 4,
  columns: 4,
  data: Float32Array.from({ length: 16 }, (_, i) => Math.sin(i + 1) / 3)
}

/** A file of each format that is written and read, below the folder of the window. */
const formatFiles = {
  peft: ['from-peft', 'adapter/'],
  optiprompt: ['from-optiprompt', 'prompt_vecs.npy'],
  torch: ['from-torch', 'torch.pt'],
  npy: ['from-npy', 'npy.npy'],
  npz: ['from-npz', 'npz.npz'],
  safetensors: ['from-safetensors', 'safetensors.safetensors'],
  json: ['from-json', 'json.json'],
  csv: ['from-csv', 'csv.csv']
} as const

/** The files of every format that is read; those of OpenPrompt and thunlp as PyTorch wrote them. */
async function writeFormats({ engine, folder }: BrowserWindow): Promise<string[][]> {
  const files: string[][] = []
  for (const format of writtenFormats) {
    if (format === 'vllm' || format === 'llama-cpp') continue
    const parts = [...formatFiles[format]]
    const path = join(folder, ...parts)
    await mkdir(dirname(path), { recursive: true })
    const unknown = { name: null, tableFingerprint: null }
    const prompt = { ...samplePrompt(format, 4, null), vectors, model: unknown }
    await engine.call('prompts.write', { prompt, format, path })
    files.push(parts)
  }
  const [soft, task] = [['soft.ckpt'], ['SST2PromptRobertaLarge', 'task_prompt']]
  await copyFile(join(fixtures, 'torch/soft-template.ckpt'), join(folder, ...soft))
  await mkdir(join(folder, 'SST2PromptRobertaLarge'))
  await copyFile(join(fixtures, 'torch/bare.pt'), join(folder, ...task))
  return [...files, soft, task]
}

/** Draws a lasso along the edge of an element. */
async function drawAround(page: Page, selector: string): Promise<void> {
  const place = page.locator(selector).first()
  await place.scrollIntoViewIfNeeded()
  const box = await place.boundingBox()
  if (box === null) throw new Error(`${selector} is not in sight.`)
  const edge = 6
  const [left, top] = [box.x + edge, box.y + edge]
  const [right, bottom] = [box.x + box.width - edge, box.y + box.height - edge]
  await page.mouse.move(left, top)
  await page.mouse.down()
  for (const [x, y] of [
    [right, top],
    [right, bottom],
    [left, bottom],
    // Not quite where it began, which would be a click.
    [left, top + 3 * edge]
  ])
    await page.mouse.move(x, y, { steps: 6 })
  await page.mouse.up()
}

async function showList(page: Page): Promise<void> {
  await page.getByRole('radiogroup', { name: 'Shown as' }).getByText('List').click()
}

async function rowsInTable(page: Page): Promise<number> {
  return await page.getByRole('region', { name: 'Prompts' }).locator('tbody tr[data-chosen]').count()
}

describe.skipIf(!hasChromium())('the screen of prompts', () => {
  it('imports every format, and shows the vectors and words that the engine finds', {
    timeout: 180_000
  }, async () => {
    const window = await openWindow()
    const { page, engine, folder, faults } = window
    const model = { folder: await tableAlone() }
    await openPrepared(window, async (project) => {
      await registerModel(project, model)
    })
    const files = await writeFormats(window)
    await show(page, 'Prompts')
    await page.getByText('No prompts yet').waitFor()
    let isList = false
    for (const [index, parts] of files.entries()) {
      await page.getByRole('button', { name: 'Import prompts' }).click()
      await chooseBelow(window, ...parts)
      const dialog = page.getByRole('dialog', { name: 'Import prompts' })
      await dialog.getByText('Found 1 prompt.').waitFor()
      const [found] = (await engine.call('prompts.inspect', { path: join(folder, ...parts) })).candidates
      await dialog.getByRole('cell', { name: found.format, exact: true }).waitFor()
      if (found.rowsMustBeChosen) await dialog.getByRole('textbox', { name: 'Max. vectors' }).fill('4')
      await dialog.getByRole('button', { name: 'Import 1' }).click()
      await dialog.waitFor({ state: 'detached' })
      if (!isList) await showList(page)
      isList = true
      await page.getByText(`${index + 1} of ${index + 1}`, { exact: true }).waitFor()
    }
    await page.getByRole('textbox', { name: 'Search' }).fill('optiprompt')
    await page
      .getByRole('region', { name: 'Prompts' })
      .getByRole('button', { name: /optiprompt|prompt_vecs/ })
      .click()
    const places = await engine.call('prompts.describe', { model, vectors, count: 8 })
    for (const [i, { norm, normPercentile, nearestWords }] of places.entries()) {
      const row = page.getByRole('row', { name: `V${i + 1}` })
      const words = nearestWords.map(({ token, cosine }) => `${token} ${cosine.toFixed(2)}`).join(', ')
      await row.getByText(words, { exact: true }).waitFor()
      expect(await row.textContent()).toContain(
        `V${i + 1}${norm.toPrecision(4)}${Math.round(100 * normPercentile)} %`
      )
    }
    expect(faults).toEqual([])
  })

  it('imports a whole tree for two models at once', async () => {
    const window = await openWindow()
    const { page, engine, folder } = window
    const families = ['bert', 'albert'] as const
    await openPrepared(window, async (project) => {
      for (const family of families) await registerModel(project, { folder: referenceModelFolder(family) })
    })
    for (const family of families) {
      const { width } = await engine.call('models.inspect', { folder: referenceModelFolder(family) })
      await writePromptTree(join(folder, 'tree', `tiny-${family}`), ['P19', 'P20', 'P30'], 10, width)
    }
    await show(page, 'Prompts')
    await page.getByRole('button', { name: 'Import prompts' }).click()
    await chooseBelow(window, 'tree/')
    const dialog = page.getByRole('dialog', { name: 'Import prompts' })
    await dialog.getByText('Found 6 prompts.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Import 6' }).isDisabled()).toBe(true)
    const fields = dialog.getByRole('textbox', { name: 'Max. vectors' })
    for (let i = 0; i < (await fields.count()); i++) await fields.nth(i).fill('5')
    await dialog.getByRole('checkbox', { name: 'P30' }).first().uncheck()
    await dialog.getByRole('button', { name: 'Import 5' }).click()
    const matrix = page.getByRole('table', { name: 'Prompts by relation and model' })
    await matrix.getByRole('button', { name: /^P30, tiny-.*: imported, not evaluated$/ }).waitFor()
    await matrix.getByRole('button', { name: /^P30, tiny-.*: missing$/ }).waitFor()
    await showList(page)
    await page.getByText('5 of 5', { exact: true }).waitFor()
    await choose(page, 'Relation', /P19/)
    await page.getByText('2 of 5', { exact: true }).waitFor()
    await expectAccessible(page)
  })

  it('keeps a thousand prompts usable: filters, sorting, few rows drawn, removal with undo', async () => {
    const window = await openWindow()
    const { page } = window
    await openPrepared(window, async ({ store }) => {
      await store.write(async ({ models, prompts }) => {
        await models.add({ folder: '/models/bert' }, sampleReport('bert', 4))
        for (let i = 0; i < 1000; i++)
          await prompts.add({
            ...samplePrompt(`prompt-${String(i).padStart(4, '0')}`, 4, `P${i % 50}`),
            model: { name: i % 4 === 0 ? 'roberta' : 'bert', tableFingerprint: 'table of bert' },
            origin: i % 10 === 0 ? { kind: 'tuning', tuning: 'by hand' } : samplePrompt('x', 4).origin
          })
      })
    })
    await show(page, 'Prompts')
    await page.getByRole('button', { name: 'P0, bert: tuned here, 20 prompts, not evaluated' }).waitFor()
    await showList(page)
    await page.getByText('1,000 of 1,000', { exact: true }).waitFor()
    expect(await rowsInTable(page)).toBeLessThan(60)
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await page.getByRole('button', { name: 'prompt-0000', exact: true }).waitFor()
    await page.getByRole('button', { name: /^Name/ }).click()
    await page.getByRole('button', { name: 'prompt-0999', exact: true }).waitFor()
    await choose(page, 'Model', /roberta/)
    await page.getByText('250 of 1,000', { exact: true }).waitFor()
    await choose(page, 'From', /tuned here/)
    await page.getByText('50 of 1,000', { exact: true }).waitFor()
    await page.getByRole('textbox', { name: 'Search' }).fill('prompt-0020')
    await page.getByText('1 of 1,000', { exact: true }).waitFor()
    // Ticking moves nothing under the pointer.
    const box = page.getByRole('checkbox', { name: 'Choose prompt-0020 of roberta' })
    const before = await box.boundingBox()
    await box.check()
    await page.getByText('1 chosen').waitFor()
    expect(await box.boundingBox()).toEqual(before)
    await page.getByRole('button', { name: 'Remove 1' }).click()
    await page.getByText('prompt-0020 was removed').waitFor()
    await page.getByText('0 of 999', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('1 of 1,000', { exact: true }).waitFor()
    await expectAccessible(page)
  })

  it('lays a prompt out among its words and other prompts, with the engine’s coordinates as a table', async () => {
    const window = await openWindow()
    const { page, engine, folder } = window
    const model = { folder: referenceModelFolder('roberta') }
    const { width } = await engine.call('models.inspect', model)
    await writePromptTree(folder, ['P19', 'P20'], 10, width)
    await openPrepared(window, async (project) => {
      const registered = await registerModel(project, model)
      const choiceOf = (relation: string) => ({ path: join(folder, relation, 'prompt_vecs.npy'), vectors: 3 })
      await importPrompts(
        project,
        ['P19', 'P20'].map((relation) => ({ choice: choiceOf(relation), model: registered }))
      )
    })
    await show(page, 'Prompts')
    await page.getByRole('button', { name: /^P19, / }).click()
    const title = 'Among words and other prompts'
    await page.getByRole('button', { name: `Export ${title}` }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    const read = async (relation: string) =>
      (await engine.call('prompts.read', { path: join(folder, relation, 'prompt_vecs.npy'), vectors: 3 }))
        .vectors
    const plane = await engine.call('prompts.plane', {
      model,
      vectors: await read('P19'),
      others: await read('P20')
    })
    const table = page.getByRole('table', { name: `Data of ${title}` })
    expect(await table.getByRole('row').count()).toBe(1 + 3 + 3 + plane.words.length)
    const shown = (value: number): string => String(Number(value.toPrecision(4)))
    for (const [i, { x, y }] of plane.vectors.entries())
      await table.getByRole('row', { name: `this prompt V${i + 1} ${shown(x)} ${shown(y)}` }).waitFor()
    for (const [i, { x, y }] of plane.others.entries())
      await table.getByRole('row', { name: `other prompt P20 V${i + 1} ${shown(x)} ${shown(y)}` }).waitFor()
    const share = Math.round(100 * (plane.explained[0] + plane.explained[1]))
    await page.getByText(`${share} % of the variance is in this plane`).waitFor()
    await page.getByRole('button', { name: `Export ${title}` }).click()
    await page.getByRole('menuitem', { name: 'Show as picture' }).click()
    await page.locator('.js-plotly-plot .point').first().waitFor()
    await drawAround(page, '.js-plotly-plot .nsewdrag')
    const inside = 3 + 3 + plane.words.length
    await page.getByText(new RegExp(`^${inside} inside: .*V1, V2, V3$`)).waitFor()
    await expectAccessible(page)
  })

  it('tunes a new prompt with a live curve, and keeps the curve with it', { timeout: 180_000 }, async () => {
    const window = await openWindow()
    const { page, engine, faults } = window
    const facts = wordFacts()
    const relation = await wordRelation({ train: facts, dev: facts, test: facts })
    const model = { folder: referenceModelFolder('bert') }
    await openPrepared(window, async (project) => {
      for (const family of referenceFamilies)
        await registerModel(project, { folder: referenceModelFolder(family) })
      await registerRelations(project, relation.root, relation.commonVocabulary)
    })
    await show(page, 'Prompts')
    // By keyboard to the cell of the model: what is missing there can be tuned.
    const cells = page.getByRole('table', { name: 'Prompts by relation and model' }).getByRole('button')
    const names = await cells.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
    await cells.first().focus()
    for (let step = names.indexOf('P1, tiny-bert: missing'); step > 0; step--)
      await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByRole('button', { name: 'Tune it' })
      .click()
    const dialog = page.getByRole('dialog', { name: 'Tune a new prompt' })
    expect(await dialog.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('tiny-bert')
    await dialog.getByText('P1 (').first().waitFor()
    await dialog.getByRole('textbox', { name: 'Seeds' }).fill('7')
    await dialog.getByRole('button', { name: /^Recipe/ }).click()
    await dialog.getByRole('textbox', { name: 'Epochs' }).fill('30')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Tune', exact: true }).click()
    const card = page.getByRole('region', { name: 'tuned on tiny-bert' })
    await card.getByRole('heading', { name: 'Curve of P1' }).waitFor()
    await card.getByText('done: 1 prompt is in the table').waitFor()
    await card.locator('.js-plotly-plot .trace.scatter').first().waitFor()

    const source = {
      kind: 'relation' as const,
      folder: relation.folder,
      commonVocabulary: relation.commonVocabulary
    }
    const tuned = await engine.call('tuning.run', {
      model,
      task: source,
      start: { kind: 'random', vectors: 5 },
      settings: { epochs: 30 },
      seed: 7
    })
    const best = Math.max(...tuned.validations.map(({ accuracy }) => accuracy))
    await page.getByRole('button', { name: /^P1, tiny-bert: tuned here/ }).click()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByText(`Best validation accuracy ${best.toFixed(3)}`).waitFor()
    await inspector.getByText(`step ${tuned.chosenStep}, by validation`).waitFor()
    await inspector.getByRole('button', { name: 'Export Tuning' }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    const table = inspector.getByRole('table', { name: 'Data of Tuning' })
    const last = tuned.loss.length
    const shown = String(Number((tuned.loss.at(-1) ?? 0).toPrecision(4)))
    await table.getByRole('row', { name: `${last} ${shown}` }).waitFor()
    expect(faults).toEqual([])
  })

  it('draws a tuning from its first step after a reload in its middle', { timeout: 180_000 }, async () => {
    const window = await openWindow()
    const { page } = window
    const facts = wordFacts()
    const relation = await wordRelation({ train: facts, dev: facts, test: facts })
    await openPrepared(window, async (project) => {
      await registerModel(project, { folder: referenceModelFolder('bert') })
      await registerRelations(project, relation.root, relation.commonVocabulary)
    })
    await show(page, 'Prompts')
    await page.getByRole('button', { name: 'Tune prompt' }).click()
    const dialog = page.getByRole('dialog', { name: 'Tune a new prompt' })
    await dialog.getByRole('combobox', { name: 'Model' }).click()
    await page.getByRole('option', { name: 'tiny-bert' }).click()
    await dialog.getByRole('combobox', { name: 'Tasks' }).click()
    await page.getByRole('option', { name: /P1/ }).click()
    await dialog.getByRole('button', { name: /^Recipe/ }).click()
    await dialog.getByRole('textbox', { name: 'Epochs' }).fill('100000')
    await dialog.getByRole('button', { name: 'Tune', exact: true }).click()
    const card = page.getByRole('region', { name: 'tuned on tiny-bert' })
    await card.locator('.js-plotly-plot .trace.scatter').first().waitFor()
    const firstStep = async (): Promise<number> => {
      await card.getByRole('button', { name: 'Export Curve of P1' }).click()
      await page.getByRole('menuitem', { name: 'Show as table' }).click()
      return Number(await card.getByRole('table').getByRole('cell').first().textContent())
    }
    const before = await firstStep()
    await page.reload()
    await card.locator('.js-plotly-plot .trace.scatter').first().waitFor()
    expect(await firstStep()).toBe(before)
    await card.getByRole('button', { name: 'Cancel' }).click()
    await card.getByText(/^cancelled/).waitFor()
  })

  it('says on the spot why nothing could be tuned', async () => {
    const window = await openWindow()
    const { page } = window
    const facts = [{ sub: 'king', obj: 'xqzzyvk' }]
    const { root } = await wordRelation({ train: facts, test: facts })
    await openPrepared(window, async (project) => {
      await registerModel(project, { folder: referenceModelFolder('bert') })
      await registerRelations(project, root, null)
    })
    await show(page, 'Prompts')
    await page.getByRole('button', { name: 'Tune prompt' }).click()
    const dialog = page.getByRole('dialog', { name: 'Tune a new prompt' })
    await dialog.getByRole('combobox', { name: 'Model' }).click()
    await page.getByRole('option', { name: 'tiny-bert' }).click()
    await dialog.getByRole('combobox', { name: 'Tasks' }).click()
    await page.getByRole('option', { name: /P1/ }).click()
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Tune', exact: true }).click()
    const card = page.getByRole('region', { name: 'tuned on tiny-bert' })
    await card.getByText('1 of 1 failed').waitFor()
    await card.getByRole('alert').getByText('There is nothing to tune on.').waitFor()
    await card.getByRole('button', { name: 'Dismiss' }).click()
    await card.waitFor({ state: 'detached' })
  })
})
