/** The mixing screen on the shipped sample, by the keyboard alone and by its pictures. The figures are the engine's. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { defaultCentre, defaultRidgeOf } from '#engine/common/contract/transfer.ts'
import { type MixingBasis, mix } from '#engine/common/mixing/mixing.ts'
import type { MixOrder } from '#preload/contract/mix-methods.ts'
import type { ViewState } from '#store/records/views.ts'
import { seriousFindings } from '#test/support/accessibility.ts'
import { expectAccessible, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openPreparedSample } from '#test/support/sample-window.ts'
import { idsOfSample, type WindowCalls } from '#test/support/window-on-sample.ts'

const sources = ['bert-small', 'roberta-small'] as const
const target = 'bert-large'
const relation = 'capital'
const anchors = '512 most frequent words'

type Place = { page: Page; call: WindowCalls; order: MixOrder; faults: string[] }

type SampleIds = Awaited<ReturnType<typeof idsOfSample>>

/** What the stories mix. */
async function orderOf(call: WindowCalls, ids: SampleIds): Promise<MixOrder> {
  const set = (await call('anchors.list', {})).find(({ name }) => name === anchors)
  return {
    sources: sources.map((model) => ({
      promptId: ids.prompt(model, relation),
      modelId: ids.model(model),
      weight: 1
    })),
    targetId: ids.model(target),
    anchorSetId: set?.id ?? '',
    mask: { kind: 'all' },
    centre: defaultCentre,
    ridge: defaultRidgeOf(defaultCentre),
    rescale: 'after'
  }
}

/** The sample, open at the mixing screen as if it was left with this choice. */
async function openMix(
  choose: (order: MixOrder, ids: SampleIds, task: string) => ViewState
): Promise<Place & { ids: SampleIds }> {
  const { page, call, faults, prepared } = await openPreparedSample(async (call) => {
    const ids = await idsOfSample(call)
    const order = await orderOf(call, ids)
    await call('views.set', { name: 'mix', state: choose(order, ids, await taskId(call)) })
    return { order, ids }
  })
  await show(page, 'Mix')
  return { page, call, faults, ...prepared }
}

function promptIdsOf({ sources }: MixOrder): string[] {
  return sources.map(({ promptId }) => promptId)
}

/** The sample with the choice of the order made already. */
async function openChosen(): Promise<Place> {
  return await openMix((order) => {
    const { targetId, anchorSetId } = order
    return { promptIds: promptIdsOf(order), targetId, anchorSetId }
  })
}

/** Presses Tab until a part of the page has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  const isFocused = () => wanted.evaluate((element) => element.matches(':focus'))
  for (let presses = 0; presses < 80 && !(await isFocused()); presses++) await page.keyboard.press('Tab')
  expect(await isFocused()).toBe(true)
}

/** Types into a field with a list, and takes the first that is found. */
async function takeByKeyboard(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, page.getByRole('combobox', { name: label }))
  await page.keyboard.type(text)
  await page.getByRole('option', { name: text }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
}

async function expectFigure(page: Page, title: string, value: string): Promise<void> {
  await page.getByRole('group', { name: title }).getByText(value, { exact: true }).waitFor()
}

function meanMatching(basis: MixingBasis, weights: number[]): number {
  const { vectors } = mix(basis, weights)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return vectors.reduce((sum, { matching }) => sum + matching, 0) / vectors.length / total
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

async function taskId(call: WindowCalls): Promise<string> {
  const task = (await call('tasks.list', {})).find(({ summary }) => summary.name === relation)
  if (task === undefined) throw new Error('The sample has lost its task.')
  return task.id
}

describe.skipIf(!hasChromium())('the mixing screen', () => {
  it('mixes by the keyboard alone, every figure the engine’s, and loses nothing in a reload', async () => {
    const { page, call, order, faults } = await openMix(() => ({}))
    await page.getByText('Choose the prompts to transfer: one, or several to mix.').waitFor()
    for (const model of sources)
      await takeByKeyboard(page, 'Prompts of the sources', `${relation} · ${model}`)
    await takeByKeyboard(page, 'Target', target)
    await takeByKeyboard(page, 'Anchor set', anchors)

    const { report } = await call('mix.transfer', order)
    await expectFigure(page, 'Mean matching', (report.meanMatching / 2).toFixed(3))
    const slider = page.getByRole('slider', { name: 'Weight of roberta-small' })
    await tabTo(page, slider)
    for (let presses = 0; presses < 30; presses++) await page.keyboard.press('ArrowLeft')
    expect(await slider.getAttribute('aria-valuenow')).toBe('0.7')

    const weighted = {
      ...order,
      sources: order.sources.map((one, i) => ({ ...one, weight: i === 0 ? 1 : 0.7 }))
    }
    const carried = await call('mix.transfer', weighted)
    await expectFigure(page, 'Mean matching', (carried.report.meanMatching / 1.7).toFixed(3))
    const retrieval = await call('mix.retrieval', weighted)
    await expectFigure(page, 'Retrieval', percent(retrieval?.hit1 ?? Number.NaN))
    for (const [
      index,
      { matching, perSource, upperBound, nearestWords }
    ] of carried.report.vectors.entries()) {
      const row = page
        .getByRole('table', { name: 'Matching' })
        .getByRole('row')
        .nth(index + 1)
      await row
        .getByText((matching / 1.7).toFixed(3), { exact: true })
        .first()
        .waitFor()
      const cells = await row.getByRole('cell').allTextContents()
      const figures = [matching / 1.7, ...perSource, upperBound].map((figure) => figure.toFixed(3))
      expect(cells.slice(0, 4)).toEqual(figures)
      const words = nearestWords.slice(0, 5).map(({ token }) => token)
      await row.getByText(words.join(', '), { exact: true }).waitFor()
    }
    const sample = { targetId: order.targetId, taskId: await taskId(call), split: 'dev' as const, limit: 32 }
    const promptIds = promptIdsOf(order)
    const [scores] = await call('mix.sample', { ...sample, promptIds, prompts: [carried.prompt] })
    await expectFigure(page, 'Accuracy', percent(scores.accuracy))
    await page.getByText(`N = ${scores.examples} of ${relation}, dev split`).waitFor()
    // Beside it what it is held against there: the best source by itself, the manual template, the target's own prompt.
    const basis = await call('mix.basis', order)
    const alone = [
      [1, 0],
      [0, 1]
    ].map((weights) => mix(basis, weights).prompt)
    const singles = await call('mix.sample', { ...sample, promptIds, prompts: alone })
    const { manual, own } = await call('mix.references', sample)
    const best = percent(Math.max(...singles.map(({ accuracy }) => accuracy)))
    const there = `manual ${percent(manual?.accuracy ?? Number.NaN)}, the target’s own prompt ${percent(own?.accuracy ?? Number.NaN)}`
    await page.getByText(new RegExp(`best single \\([a-z-]+\\) ${best}, ${there}$`)).waitFor()
    // Words of each source by itself stand beside those of the mixture.
    const [first] = await call('prompts.describe', { modelId: order.targetId, vectors: alone[1], count: 5 })
    const ofSecond = first.nearestWords.map(({ token }) => token).join(', ')
    await page.getByRole('table', { name: 'Matching' }).getByTitle(ofSecond).first().waitFor()

    const before = await call('runs.list', {})
    const typed = page.getByRole('textbox', { name: 'Weight of roberta-small as a number' })
    await typed.fill('0.2')
    await expect.poll(() => slider.getAttribute('aria-valuenow')).toBe('0.2')
    await typed.fill('0.7')
    await expectFigure(page, 'Mean matching', (carried.report.meanMatching / 1.7).toFixed(3))
    await tabTo(page, page.getByRole('button', { name: 'Save run' }))
    await page.keyboard.press('Enter')
    await page.getByText(`Queued as a run, to be asked all of ${relation}.`).waitFor()
    await expect
      .poll(async () => (await call('runs.list', {})).length, { timeout: 20_000 })
      .toBe(before.length + 1)
    const [kept] = await call('runs.list', {})
    expect(kept.matching).toBeCloseTo(carried.report.meanMatching / 1.7, 12)
    expect(kept.scores?.examples).toBe(40)

    await page.reload()
    await expectFigure(page, 'Mean matching', (carried.report.meanMatching / 1.7).toFixed(3))
    expect(await slider.getAttribute('aria-valuenow')).toBe('0.7')
    expect(faults).toEqual([])
  })

  it('shows matching and accuracy along the weight of two sources, and takes the weights of a point', async () => {
    const { page, call, order, faults } = await openChosen()
    const chart = page.getByRole('figure', { name: 'bert-small and roberta-small' })
    await chart.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    const rows = chart.getByRole('table').getByRole('row')
    await expect.poll(() => rows.count()).toBe(22)
    // Every accuracy is there in the end.
    await expect
      .poll(() => chart.getByRole('cell', { name: '–', exact: true }).count(), { timeout: 20_000 })
      .toBe(0)
    const basis = await call('mix.basis', order)
    const shares = [0.8, 0.2]
    const [scores] = await call('mix.sample', {
      targetId: order.targetId,
      promptIds: promptIdsOf(order),
      prompts: [mix(basis, shares).prompt],
      taskId: await taskId(call),
      split: 'dev',
      limit: 32
    })
    const cells = await rows.nth(5).getByRole('cell').allTextContents()
    expect(cells.map(Number)).toEqual(
      [
        ...shares,
        meanMatching(basis, shares),
        scores.accuracy,
        scores.accuracyInterval.low,
        scores.accuracyInterval.high,
        scores.examples
      ].map((value) => Number(value.toPrecision(4)))
    )
    await expectAccessible(page)

    await chart.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Show as picture' }).click()
    const point = chart.locator('.xy .scatterlayer .point').nth(4)
    await point.waitFor()
    await chart.scrollIntoViewIfNeeded()
    const slider = page.getByRole('slider', { name: 'Weight of roberta-small' })
    const pick = async () => {
      const box = await point.boundingBox()
      if (box === null) return null
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      await page.mouse.move(x, y, { steps: 3 })
      await page.mouse.click(x, y)
      return await slider.getAttribute('aria-valuenow')
    }
    // Until the picture has found its place and size, the point moves away from under the pointer.
    await expect.poll(pick, { timeout: 10_000, interval: 500 }).toBe('0.2')
    await expectFigure(page, 'Mean matching', meanMatching(basis, shares).toFixed(3))
    expect(faults).toEqual([])
  })

  it('maps matching over the weights of three sources, and says the accuracy of a mixture of all', async () => {
    const thirdOf = (ids: SampleIds) => ids.prompt(sources[0], 'city-country')
    const { page, call, order, ids } = await openMix((order, ids, task) => {
      const { targetId, anchorSetId } = order
      return { promptIds: [...promptIdsOf(order), thirdOf(ids)], targetId, anchorSetId, task }
    })
    const { targetId } = order
    const [third, task] = [thirdOf(ids), await taskId(call)]
    const promptIds = [...promptIdsOf(order), third]
    const chart = page.getByRole('figure', { name: /^Weights of/ })
    await chart.locator('.ternary .point').first().waitFor()
    expect(await chart.locator('.ternary .point').count()).toBe(92)
    const colours = chart.getByRole('radiogroup', { name: 'Coloured by' })
    // It opens on accuracy: matching is always highest at a corner, and the map of it says so.
    expect(await colours.getByRole('radio', { name: 'Accuracy' }).isChecked()).toBe(true)
    await colours.getByText('Matching', { exact: true }).click()
    await chart.getByText('it says nothing of how well a mixture does').waitFor()
    await colours.getByText('Accuracy', { exact: true }).click()
    await chart.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    await expect
      .poll(() => chart.getByRole('cell', { name: '–', exact: true }).count(), { timeout: 40_000 })
      .toBe(0)
    await chart.getByText('on the same few examples, so too high by chance').waitFor()
    const all = {
      ...order,
      sources: [...order.sources, { promptId: third, modelId: ids.model(sources[0]), weight: 1 }]
    }
    const basis = await call('mix.basis', all)
    const equal = [1 / 3, 1 / 3, 1 / 3]
    const prompts = [mix(basis, equal).prompt]
    const [scores] = await call('mix.sample', {
      targetId,
      promptIds,
      prompts,
      taskId: task,
      split: 'dev',
      limit: 32
    })
    const figures = [...equal, meanMatching(basis, equal), scores.accuracy].map((value) =>
      value.toPrecision(4)
    )
    const row = chart.getByRole('row', { name: figures.map(Number).join(' ') })
    expect(await row.count()).toBe(1)
  })

  it('draws a profile of each of four sources, and says what its list of prompts leaves out', async () => {
    const fourOf = (ids: SampleIds) =>
      sources.flatMap((model) => [ids.prompt(model, relation), ids.prompt(model, 'city-country')])
    const { page, call, order, ids, faults } = await openMix(({ targetId, anchorSetId }, ids) => ({
      promptIds: fourOf(ids),
      targetId,
      anchorSetId,
      task: null
    }))
    const promptIds = fourOf(ids)
    const chart = page.getByRole('figure', { name: 'Weight of each of 4 sources' })
    const series = chart.getByRole('list', { name: 'Series' }).getByRole('button')
    await series.nth(3).waitFor()
    expect(await series.count()).toBe(4)
    await chart.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    const basis = await call('mix.basis', {
      ...order,
      sources: promptIds.map((promptId, index) => ({
        promptId,
        modelId: ids.model(sources[Math.floor(index / 2)] ?? ''),
        weight: 1
      }))
    })
    // The second source has half; the others share the rest as they shared all.
    const shares = [1 / 6, 1 / 2, 1 / 6, 1 / 6]
    const figures = [...shares, meanMatching(basis, shares)].map((value) => Number(value.toPrecision(4)))
    expect(await chart.getByRole('row', { name: figures.join(' ') }).count()).toBe(1)
    await expectAccessible(page)
    const prompts = await call('prompts.list', {})
    await page.getByText(`The list shows 200; type to find more.`).waitFor()
    expect(prompts.length).toBeGreaterThan(200)
    await call('models.remove', { id: ids.model('roberta-large') })
    const left = prompts.filter(({ model }) => model.name !== 'roberta-large').length
    await page
      .getByText(`${left} of ${prompts.length} prompts: the others belong to no model of the project.`)
      .waitFor()
    expect(faults).toEqual([])
  })

  it('shows the path of λ, and the target without the sources that have no weight', async () => {
    const { page, call, order } = await openChosen()
    await page.getByRole('tab', { name: 'Ridge path' }).click()
    const chart = page.getByRole('figure', { name: 'Ridge path' })
    await chart.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    await expect.poll(() => chart.getByRole('row').count()).toBe(16)
    const { report } = await call('mix.transfer', { ...order, ridge: 1 })
    const row = chart.getByRole('row', { name: /^1 / })
    expect(Number(await row.getByRole('cell').nth(1).textContent())).toBe(
      Number((report.meanMatching / 2).toPrecision(4))
    )
    await page.getByRole('slider', { name: 'Weight of roberta-small' }).focus()
    await page.keyboard.press('Home')
    const alone = await call('mix.transfer', { ...order, sources: order.sources.slice(0, 1) })
    await expectFigure(page, 'Mean matching', alone.report.meanMatching.toFixed(3))
  })

  it('tells how many runs all combinations are before it queues them', async () => {
    const { page, call } = await openChosen()
    const before = await call('jobs.list', {})
    await page.getByRole('button', { name: 'Grid search' }).click()
    const dialog = page.getByRole('dialog', { name: 'Grid search' })
    await dialog.getByText('3 runs in 3 jobs').waitFor()
    await dialog.getByRole('button', { name: 'All 22' }).click()
    await dialog.getByRole('textbox', { name: 'Ridge λ' }).fill('0, 0.01')
    await dialog.getByText('132 runs in 6 jobs').waitFor()
    await dialog.getByText('132 are asked their task.').waitFor()
    await dialog.getByRole('textbox', { name: 'Ridge λ' }).fill('none')
    await dialog.getByText('Non-negative numbers').waitFor()
    await dialog.getByText('A field above is empty or has a mistake.').waitFor()
    await dialog.getByRole('textbox', { name: 'Ridge λ' }).fill('0.01')
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Queue 66 runs' }).click()
    await page.getByText('66 runs queued.').waitFor()
    const jobs = (await call('jobs.list', {})).slice(0, -before.length)
    expect(jobs.map(({ title }) => title).sort()).toEqual([
      'bert-small + roberta-small → bert-large',
      'bert-small → bert-large',
      'roberta-small → bert-large'
    ])
    const cells = await Promise.all(jobs.map(({ id }) => call('jobs.cells', { id })))
    expect(cells.map((parts) => parts.length)).toEqual([22, 22, 22])
  })

  it('suggests sources and refines without labels by the keyboard: the curve as it grows, the run that it becomes', {
    timeout: 120_000
  }, async () => {
    const { page, call, faults } = await openChosen()
    await page.getByRole('button', { name: 'Suggest sources (no labels) …' }).click()
    const suggesting = page.getByRole('dialog', { name: 'Suggest sources without labels' })
    await suggesting.getByText('4.7 points better than all sources together').waitFor()
    await suggesting.getByRole('button', { name: 'Ask the sources' }).click()
    const sets = suggesting.getByRole('table', { name: 'Sets of sources by agreement' })
    await sets.getByRole('button', { name: 'Use bert-small + roberta-small' }).waitFor()
    expect(await sets.getByRole('button').count()).toBe(3)
    expect(await seriousFindings(page)).toEqual([])
    await sets.getByRole('button', { name: 'Use roberta-small', exact: true }).click()
    const weightOf = (source: string) =>
      page.getByRole('slider', { name: `Weight of ${source}` }).getAttribute('aria-valuenow')
    expect([await weightOf('bert-small'), await weightOf('roberta-small')]).toEqual(['0', '1'])

    await tabTo(page, page.getByRole('button', { name: 'Refine …' }))
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Refine without labels' })
    await dialog.getByText('of 59 in the train split').waitFor()
    await dialog.getByRole('textbox', { name: 'Inputs without labels' }).fill('8')
    await dialog.getByRole('textbox', { name: 'Epochs' }).fill('4')
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Enter')
    const card = page.getByRole('region', { name: 'roberta-small → bert-large · refined' })
    await card.getByText('done: the refined prompt is saved as a run').waitFor()
    await card.getByText(/^Best agreement with the sources [01]\.\d{3}/).waitFor()
    await page.getByText('no labels; 8 unlabelled inputs; 4 steps on the target.').waitFor()
    const [run] = await call('runs.list', {})
    expect(run).toMatchObject({ method: 'refine', targetData: 'inputs' })
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Open the run' }).click()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByText('8 inputs, from the transferred prompt, epochs 4').waitFor()
    await inspector.getByRole('figure', { name: 'The refinement' }).waitFor()
    expect(faults).toEqual([])
  })
})
