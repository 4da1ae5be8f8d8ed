/** The screen of anchors in a real browser: counts, overlap, words in every model, and kept sets, as the engine has them. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import { registerModel } from '#main/catalogue/models.ts'
import {
  type BrowserWindow,
  choose,
  createProject,
  expectAccessible,
  openWindow,
  show
} from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openPrepared } from '#test/support/prepared-project.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { sampleFolder } from '#test/support/window-on-sample.ts'

// The project lists its models by name.
const models = referenceFamilies.toSorted().map((family) => ({ folder: referenceModelFolder(family) }))

async function openAnchors(): Promise<BrowserWindow> {
  const window = await openWindow()
  await openPrepared(window, async (project) => {
    for (const model of models) await registerModel(project, model)
  })
  await show(window.page, 'Anchors')
  return window
}

describe.skipIf(!hasChromium())('the screen of anchors', () => {
  it('says what to do where there are no models', async () => {
    const { page } = await openWindow()
    await createProject(page)
    await show(page, 'Anchors')
    await page
      .getByText('Anchors are words that models share: add models on the screen Models first.')
      .waitFor()
    await expectAccessible(page)
  })

  it('shows how the vocabularies overlap, with the engine’s counts as a table', async () => {
    const { page, engine, faults } = await openAnchors()
    const recipe = anchorRecipeSchema.parse({ filters: { minimumLength: 3 } })
    await page.getByRole('textbox', { name: 'Min. characters' }).fill('3')
    const { combinations, models: sides } = await engine.call('anchors.overlap', { models, recipe })
    const together = combinations.find((combination) => combination.models.length === models.length)
    await page.getByText(`${together?.words.toLocaleString('en-US')} surfaces are in all 4 models`).waitFor()
    await page.locator('.js-plotly-plot .bars .point').first().waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Export Overlap of the vocabularies' }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    const table = page.getByRole('table', { name: 'Data of Overlap of the vocabularies' })
    expect(await table.getByRole('row').count()).toBe(1 + combinations.length)
    const [most] = combinations
    const names = most.models.map((index) => sides[index].name).join(' + ')
    const name = most.models.length === models.length ? 'all models' : names
    expect(await table.getByRole('row').nth(1).textContent()).toBe(
      `${name}${most.words}${most.examples.join(', ')}`
    )
    expect(faults).toEqual([])
  })

  it('says what the other policy of case would win or lose, unless the set is cut to a number', async () => {
    const window = await openWindow()
    // The first lower-cases.
    const mixed = ['albert', 'bert-small'].map((name) => ({ folder: join(sampleFolder, 'models', name) }))
    await openPrepared(window, async (project) => {
      for (const model of mixed) await registerModel(project, model)
    })
    const { page, engine } = window
    await show(page, 'Anchors')
    const [exact, fold] = await Promise.all(
      (['exact', 'fold'] as const).map(async (casePolicy) => {
        const recipe = anchorRecipeSchema.parse({ casePolicy })
        return (await engine.call('anchors.build', { name: 'any', models: mixed, recipe })).anchors.length
      })
    )
    expect(fold).toBeGreaterThan(exact)
    await page.getByText(`Folding case: +${(fold - exact).toLocaleString('en')}`, { exact: true }).waitFor()
    await choose(page, 'Case', /^Folded/)
    await page.getByText(`Keeping case: −${(fold - exact).toLocaleString('en')}`, { exact: true }).waitFor()
    await page.getByRole('textbox', { name: 'Max. anchors' }).fill('9')
    await page.getByText('9 anchors', { exact: true }).waitFor()
    expect(await page.getByText(/(Folding|Keeping) case:/).count()).toBe(0)
  })

  it('follows rule, case, order, cap and a word list, and audits what was dropped', async () => {
    const { page, engine, folder } = await openAnchors()
    const recipe = anchorRecipeSchema.parse({
      rule: 'surface',
      casePolicy: 'fold',
      cap: 9,
      order: { by: 'sample', seed: 3 }
    })
    const built = await engine.call('anchors.build', { name: 'built', models, recipe })
    await choose(page, 'Rule', /The same surface/)
    await choose(page, 'Case', /Folded/)
    await choose(page, 'Order by', /A random sample/)
    await page.getByRole('textbox', { name: 'Seed' }).fill('3')
    await page.getByRole('textbox', { name: 'Max. anchors' }).fill('9')
    await page.getByText('9 anchors', { exact: true }).waitFor()
    await page.getByRole('tab', { name: 'Words' }).click()
    await page.getByText('9 found').waitFor()
    for (const { surface, beginsWord } of built.anchors)
      await page
        .getByText(beginsWord ? surface : `…${surface}`, { exact: true })
        .first()
        .waitFor()
    await page.getByRole('tab', { name: 'Filter report' }).click()
    const audit = page.getByRole('table', { name: 'Filter report' })
    for (const { step, left, dropped } of built.audit?.steps ?? [])
      await audit
        .getByRole('row', {
          name: `${step} ${left.toLocaleString('en-US')} ${dropped.toLocaleString('en-US')}`
        })
        .waitFor()
    await expectAccessible(page)
    const list = join(folder, 'words.txt')
    await writeFile(list, 'music\nking\nnotaword\n')
    await page.locator('input[type=file]').setInputFiles(list)
    await page.getByText('3 words', { exact: true }).waitFor()
    const listed = { ...recipe, filters: { ...recipe.filters, wordList: ['music', 'king', 'notaword'] } }
    const few = await engine.call('anchors.build', { name: 'few', models, recipe: listed })
    await page.getByText(`${few.anchors.length} anchors`, { exact: true }).waitFor()
  })

  it('shows coverage and rank against the number of anchors, as the engine has them', async () => {
    const { page, engine, faults } = await openAnchors()
    const recipe = anchorRecipeSchema.parse({})
    const span = await engine.call('anchors.span', { models, recipe })
    await page.getByRole('tab', { name: 'Coverage and rank' }).click()
    const figure = page.getByRole('figure', { name: 'Coverage and rank' })
    await figure.locator('.scatterlayer .point').first().waitFor()
    for (const { name, width, determinedBy, points } of span.models) {
      await figure.getByText(name, { exact: true }).waitFor()
      const reached =
        determinedBy === null
          ? `${name} by none of ${span.anchors} (rank ${points.at(-1)?.rank} of ${width})`
          : `${name} from ${determinedBy} anchors on`
      expect(await figure.textContent()).toContain(reached)
    }
    await expectAccessible(page)
    // From point to point, and on to the rank of the first model.
    const picture = figure.getByRole('application')
    await picture.focus()
    await page.keyboard.press('ArrowRight')
    const [first] = span.models
    const [least] = first.points
    const said = (text: string) =>
      page.getByText(`${least.anchors} anchors: ${text}`, { exact: true }).waitFor()
    await said(`${(100 * least.coverage).toFixed(1)} % of the variance`)
    for (const _ of span.models) await page.keyboard.press('ArrowDown')
    await said(`rank ${least.rank} of ${first.width}`)
    await page.getByRole('button', { name: 'Export Coverage and rank' }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    const rows = page.getByRole('table', { name: 'Data of Coverage and rank' }).getByRole('row')
    expect(await rows.count()).toBe(1 + span.models.reduce((sum, { points }) => sum + points.length, 0))
    // A set that is cut is another: what it spans is computed anew.
    await page.getByRole('textbox', { name: 'Max. anchors' }).fill('2')
    await page.getByText('by none of 2').waitFor()
    await page.getByRole('textbox', { name: 'Max. anchors' }).fill('1')
    await page.getByText('Rank is of two anchors or more.').waitFor()
    expect(faults).toEqual([])
  })

  it('looks a word up in every model: its ids and its neighbours', async () => {
    const { page, engine } = await openAnchors()
    await page.getByRole('tab', { name: 'Look up' }).click()
    await page.getByRole('textbox', { name: 'Word lookup' }).fill('music')
    const table = page.getByRole('table', { name: 'The word music' })
    for (const model of models) {
      const { name } = await engine.call('models.inspect', model)
      const { pieces, tokens } = await engine.call('words.find', { model, word: 'music' })
      const row = table.getByRole('row', { name })
      await row.waitFor()
      const text = (await row.textContent()) ?? ''
      expect(text).toContain(pieces.map(({ token }) => token).join(' '))
      for (const { id, token, neighbours } of tokens) {
        expect(text).toContain(`${token} (${id})`)
        expect(text).toContain(
          neighbours.map(({ token: near, cosine }) => `${near} ${cosine.toFixed(2)}`).join(', ')
        )
      }
    }
    await expectAccessible(page)
  })

  it('keeps a set by name, shows it, and removes it with undo', async () => {
    const { page, engine } = await openAnchors()
    const whole = await engine.call('anchors.build', {
      name: 'whole',
      models,
      recipe: anchorRecipeSchema.parse({})
    })
    await page.getByText(`${whole.anchors.length} anchors`, { exact: true }).waitFor()
    await page.getByRole('textbox', { name: 'Name of the set' }).fill('shared words')
    await page.getByRole('button', { name: 'Save anchor set' }).click()
    await page
      .getByRole('row', { name: `shared words ${whole.anchors.length} ${whole.hash.slice(0, 12)}` })
      .waitFor()
    await page.getByRole('button', { name: 'Show shared words' }).click()
    const drawer = page.getByRole('complementary', { name: 'Inspector' })
    await drawer.getByText(whole.hash, { exact: true }).waitFor()
    await expectAccessible(page)
    await drawer.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Remove shared words' }).click()
    await page.getByText('Sets that you keep are listed here').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Show shared words' }).waitFor()
  })
})
