/** A person's first steps on every host: project, models, prompts, anchors, mix. The figures are the engine's. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import { defaultCentre, defaultRidgeOf } from '#engine/common/contract/transfer.ts'
import { choose, expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { referenceFolder, referenceModelFolder } from '#test/support/reference-models.ts'
import { hostsOfThisRun, openInBrowser, type StoryWindow } from '#test/support/story-hosts.ts'

const families = ['bert', 'roberta', 'albert'] as const

async function startProject({ page, folder, chooseNew }: StoryWindow): Promise<void> {
  await chooseNew(join(folder, 'story.anchorage'), () =>
    page.getByRole('button', { name: 'New project' }).click()
  )
  await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
}

async function addModel({ page, chooseExisting }: StoryWindow, family: string): Promise<void> {
  await chooseExisting(referenceModelFolder(family), () =>
    page.getByRole('button', { name: 'Add a model' }).click()
  )
  await page.getByRole('button', { name: `tiny-${family}`, exact: true }).waitFor()
  await page.locator('[data-loading]').waitFor({ state: 'detached' })
}

/** A prompt for a model, written as a file: two vectors of its width. */
async function writePrompt({ engine, folder }: StoryWindow, width: number): Promise<Prompt['vectors']> {
  const data = Float32Array.from({ length: 2 * width }, (_, i) => Math.sin(i + 1) / 10)
  const vectors = { rows: 2, columns: width, data }
  const prompt: Prompt = {
    name: 'born',
    vectors,
    model: { name: null, tableFingerprint: null },
    task: null,
    relation: null,
    position: 'unknown',
    template: null,
    origin: { kind: 'run', run: 'none' },
    warnings: []
  }
  await engine.call('prompts.write', { prompt, format: 'npy', path: join(folder, 'born.npy') })
  return vectors
}

async function importPrompt({ page, folder, chooseExisting }: StoryWindow): Promise<void> {
  await page.getByRole('button', { name: 'Import prompts' }).click()
  await chooseExisting(join(folder, 'born.npy'), () =>
    page.getByRole('button', { name: 'Choose file or folder' }).click()
  )
  await page.getByText('Found 1 prompt.').waitFor()
  expect(await page.getByRole('combobox', { name: 'Tuned on' }).inputValue()).toBe('tiny-bert')
  await page.getByRole('button', { name: 'Import 1' }).click()
  await page.getByRole('button', { name: /: imported, not evaluated$/ }).waitFor()
}

describe.each(hostsOfThisRun)('the page $name', ({ isThere, open }) => {
  it.skipIf(!isThere)('goes from a new project to a transfer with the figures of the engine', async () => {
    const window = await open([referenceFolder])
    const { page, engine, faults } = window
    await page.getByRole('heading', { name: 'Anchorage' }).waitFor()
    // The other screens are looked at by the stories of each, with more on them.
    await expectAccessible(page)
    await startProject(window)

    const references = families.map((family) => ({ folder: referenceModelFolder(family) }))
    const reports = []
    for (const reference of references) reports.push(await engine.call('models.inspect', reference))
    for (const family of families) await addModel(window, family)
    for (const { name, width } of reports) {
      await page.getByRole('button', { name, exact: true }).click()
      const card = page.getByRole('article', { name })
      expect(await card.getByRole('row', { name: 'Width' }).textContent()).toBe(`Width${width}`)
    }

    await show(page, 'Prompts')
    const prompt = await writePrompt(window, reports[0].width)
    await importPrompt(window)
    await page.getByRole('button', { name: /: imported, not evaluated$/ }).click()
    const norm = Math.hypot(...prompt.data.subarray(0, prompt.columns)).toPrecision(4)
    await page.getByRole('row', { name: `V1 ${norm}` }).waitFor()
    await page.getByRole('button', { name: 'Close', exact: true }).click()

    await show(page, 'Anchors')
    const recipe = anchorRecipeSchema.parse({})
    const build = { name: 'shared', models: references, recipe }
    const whole = await engine.call('anchors.build', build)
    await page.getByText(`${whole.anchors.length} anchors`, { exact: true }).waitFor()
    await page.getByLabel('Min. characters').fill('4')
    const filters = { ...recipe.filters, minimumLength: 4 }
    const long = await engine.call('anchors.build', { ...build, recipe: { ...recipe, filters } })
    expect(long.anchors.length).toBeLessThan(whole.anchors.length)
    await page.getByText(`${long.anchors.length} anchors`, { exact: true }).waitFor()
    await page.getByLabel('Min. characters').fill('1')
    await page.getByText(`${whole.anchors.length} anchors`, { exact: true }).waitFor()
    await page.getByLabel('Name of the set').fill('shared')
    await page.getByRole('button', { name: 'Save anchor set' }).click()
    await page.getByText('Kept.', { exact: true }).waitFor()

    await show(page, 'Mix')
    await choose(page, 'Prompts of the sources', /born/)
    await choose(page, 'Target', /tiny-albert/)
    await choose(page, 'Anchor set', /shared/)
    const result = await engine.call('transfer.run', {
      sources: [{ model: references[0], prompt, weight: 1 }],
      target: references[2],
      anchors: whole.anchors,
      mask: { kind: 'all' },
      centre: defaultCentre,
      search: { kind: 'exact', ridge: defaultRidgeOf(defaultCentre) },
      rescale: 'after'
    })
    const matching = page.getByRole('group', { name: 'Mean matching' })
    await matching.getByText(result.report.meanMatching.toFixed(3)).waitFor()
    const words = result.report.vectors[0].nearestWords.slice(0, 5).map(({ token }) => token)
    await page.getByText(words.join(', '), { exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  it.skipIf(!isThere)('says what is wrong with a folder that holds no model', async () => {
    const window = await open([referenceFolder])
    const { page, folder, chooseExisting } = window
    await startProject(window)
    await chooseExisting(folder, () => page.getByRole('button', { name: 'Add a model' }).click())
    const report = page.getByRole('alert')
    await report.getByRole('rowheader', { name: 'Where' }).waitFor()
    await report.getByRole('rowheader', { name: 'Next' }).waitFor()
    await report.getByRole('button', { name: 'Copy details' }).waitFor()
  })
})

describe.skipIf(!hasChromium())('a tab of a browser', () => {
  it('keeps two tabs in step, and removes with undo', async () => {
    const window = await openInBrowser([referenceFolder])
    const { page } = window
    await startProject(window)
    await addModel(window, 'bert')
    const token = await page.evaluate('sessionStorage.getItem("anchorage-token")')
    const other = await page.context().newPage()
    await other.goto(`${new URL(page.url()).origin}/#token=${token}`)
    await other.getByRole('button', { name: 'tiny-bert', exact: true }).waitFor()
    await page.getByRole('button', { name: 'tiny-bert', exact: true }).click()
    await page.getByRole('button', { name: 'Remove tiny-bert' }).click()
    await other.getByText('No models yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await other.getByRole('button', { name: 'tiny-bert', exact: true }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'tiny-bert', exact: true }).waitFor()
  })

  it('can be used by the keyboard alone', async () => {
    const { page } = await openWindow([referenceFolder])
    const focused = async (): Promise<string> =>
      String(await page.evaluate('document.activeElement.textContent'))
    await page.getByRole('button', { name: 'New project' }).waitFor()
    for (let presses = 0; presses < 6 && (await focused()) !== 'New project'; presses++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'New project' }).waitFor()
    await page.getByLabel('Name').waitFor()
    for (let presses = 0; presses < 12 && (await focused()) !== 'Create here'; presses++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    for (let presses = 0; presses < 24 && (await focused()) !== 'Add a model'; presses++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    // The dialog takes the focus a moment after it is there, and gives it back a moment after it is gone.
    const isInDialog = () =>
      page.evaluate("document.querySelector('[role=dialog]')?.contains(document.activeElement) === true")
    await expect.poll(isInDialog, { timeout: 10_000 }).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(focused, { timeout: 10_000 }).toBe('Add a model')
  })
})
