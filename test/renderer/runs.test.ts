/** Runs, comparison and export on every host, on the sample and on a project of a thousand runs, in the long run ten thousand. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Scores } from '#engine/common/contract/evaluation.ts'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { openStoreToRead } from '#store/project-store.ts'
import { choose, expectAccessible, show } from '#test/support/browser-window.ts'
import { writeManyRuns } from '#test/support/many-runs.ts'
import { openSample, sampleCopy } from '#test/support/open-sample.ts'
import { hostsOfThisRun, isLongRun, type StoryWindow, storyHosts } from '#test/support/story-hosts.ts'

const manyRuns = isLongRun ? 10_000 : 1_000

/** The accuracy of all examples of the runs. */
function micro(runs: readonly { scores: Scores | null }[]): { accuracy: number; examples: number } {
  const all = runs.flatMap(({ scores }) => scores ?? [])
  const examples = all.reduce((sum, scores) => sum + scores.examples, 0)
  const hits = all.reduce((sum, scores) => sum + scores.accuracy * scores.examples, 0)
  return { accuracy: hits / examples, examples }
}

/** What the menu of a picture saves. */
async function savedFrom({ page, saved }: StoryWindow, ending: 'csv' | 'svg'): Promise<string> {
  const picture = 'Sources and targets: mean accuracy'
  await page.getByRole('button', { name: `Export ${picture}` }).click()
  return await saved(`sources-and-targets-mean-accuracy.${ending}`, () =>
    page.getByRole('menuitem', { name: ending === 'csv' ? 'Save data as CSV' : 'Save SVG' }).click()
  )
}

// A whole day's work in one story.
describe.each(hostsOfThisRun)('runs $name', { timeout: 180_000 }, ({ isThere, open }) => {
  it.skipIf(!isThere)(
    'of the sample: from the start to a figure and an exported prompt of two sources',
    async () => {
      const window = await open([])
      const { page, folder, faults, chooseExisting } = window
      await openSample(page)
      const store = await openStoreToRead(sampleCopy(folder))
      const runs = await store.read.runs.overview()
      const both = runs.filter(
        ({ manifest }) =>
          manifest.target.name === 'bert-large' &&
          manifest.sources.length === 2 &&
          manifest.method.kind === 'exact' &&
          manifest.anchors?.count === 512
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
      const csv = await savedFrom(window, 'csv')
      const row = csv.split('\r\n').find((line) => line.startsWith('roberta-small,'))
      expect(Number(row?.split(',')[1])).toBeCloseTo(micro(alone).accuracy, 10)
      expect(await savedFrom(window, 'svg')).toContain('<svg')
      // On paper it is light, whatever the screen is.
      await page.emulateMedia({ colorScheme: 'dark' })
      const onPaper = await savedFrom(window, 'svg')
      expect(onPaper).toContain('rgb(255, 255, 255)')
      expect(onPaper).not.toContain('rgb(27, 30, 34)')
      await page.emulateMedia({ colorScheme: 'light' })

      await show(page, 'Runs')
      await page
        .getByLabel('Filter')
        .fill('sources:"bert-small + roberta-small" target:bert-large anchors=512 method:exact')
      await page.getByText(`22 of ${runs.length} runs`).waitFor()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Open report' }).click()
      const report = page.frameLocator('iframe')
      await report.getByRole('heading', { name: 'Sample', exact: true }).waitFor()
      await report.getByText('All 22 cells were run.').waitFor()
      await page.keyboard.press('Escape')
      // They are one configuration: a row with the accuracy of all its examples, and its relations below.
      const { accuracy, examples } = micro(both)
      const configuration = page.getByRole('row').filter({ hasText: '22 relations' })
      await configuration.getByText(`${(100 * accuracy).toFixed(1)} %`).waitFor()
      await configuration.getByText(examples.toLocaleString('en'), { exact: true }).waitFor()
      await configuration.getByRole('button', { name: '22 relations' }).click()
      await page.getByRole('button', { name: 'capital', exact: true }).click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Rename …' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('capital, to keep')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'capital, to keep' }).waitFor()
      // A column goes where it is wanted, by keyboard too, and is wider.
      const heads = page.getByRole('region', { name: 'Table of runs' }).getByRole('columnheader')
      const before = await heads.allTextContents()
      const wide = await heads.nth(4).evaluate((head) => head.clientWidth)
      await heads.nth(4).getByRole('button').focus()
      await page.keyboard.press('Control+ArrowRight')
      await expect.poll(() => heads.nth(5).textContent()).toBe(before[4])
      await page.keyboard.press('Control+Shift+ArrowRight')
      await expect.poll(() => heads.nth(5).evaluate((head) => head.clientWidth)).toBeGreaterThan(wide)
      await page.getByRole('checkbox', { name: 'Choose capital, to keep', exact: true }).click()
      await page.getByRole('button', { name: 'Export …' }).click()
      const dialog = page.getByRole('dialog', { name: 'Export the prompt' })
      await dialog.getByRole('combobox', { name: 'Format' }).click()
      await page.getByRole('option', { name: 'NumPy .npy' }).click()
      await dialog.getByRole('button', { name: 'capital.npy 2,048 bytes' }).waitFor()
      await dialog.getByRole('button', { name: /^capital\.npy\.md / }).waitFor()
      await chooseExisting(folder, () => dialog.getByRole('button', { name: 'Write files' }).click())
      await dialog.getByText('3 files were written').waitFor()

      const capital = both.find(({ manifest }) => manifest.relation === 'capital')
      const stored = await store.read.prompts.get(capital?.promptId ?? '')
      await store.close()
      const written = await readPrompt({ path: join(folder, 'capital.npy') })
      expect(written.vectors).toEqual(stored?.prompt.vectors)
      const beside: { run: string } = JSON.parse(
        await readFile(join(folder, 'capital.manifest.json'), 'utf8')
      )
      expect(beside.run).toBe(capital?.id)
      expect(faults).toEqual([])
    }
  )

  it.skipIf(!isThere)('keeps what the table showed through a reload, tags and notes', async () => {
    const window = await open([])
    const { page } = window
    await openSample(page)
    await show(page, 'Runs')
    await page.getByLabel('Filter').fill('capital method:adam')
    await page.getByText(/^1 of /).waitFor()
    await page.getByRole('checkbox', { name: 'Choose capital', exact: true }).click()
    await page.getByRole('button', { name: 'Tag …' }).click()
    await page.getByLabel('New tag').fill('to keep')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Take to keep off' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'capital', exact: true }).click()
    await page.getByRole('figure', { name: 'Loss curve' }).waitFor()
    await page.getByRole('table', { name: 'Vectors' }).getByText('roberta-small').waitFor()
    await page.getByRole('table', { name: 'Answers' }).getByText(' → ').first().waitFor()
    await page.getByLabel('New note').fill('Adam stops early here.')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText('Adam stops early here.').first().waitFor()
    await page.reload()
    await page.getByText(/^1 of /).waitFor()
    await page.getByLabel('Filter').fill('tags:keep')
    await page.getByRole('button', { name: 'capital', exact: true }).click()
    await page.getByText('Adam stops early here.').waitFor()
    // What the filter leaves, in the columns in sight.
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitem', { name: 'Save runs as CSV' }).click()
    const rows = (await readFile(await (await saving).path(), 'utf8')).trim().split('\r\n')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatch(/^Run,Sources,Target,Method,Accuracy,N,Matching,/)
    expect(rows[1]).toMatch(/^capital,bert-small \+ roberta-small,bert-large,adam,0\.\d+,40,0\.\d+,/)
  })
})

// What stands in for the desktop's port passes every message through the driver of the browser: not made for thousands.
const quickHosts = storyHosts.filter(
  ({ name }) => name === 'in a browser' || (isLongRun && name === 'in Electron')
)

describe.each(quickHosts)('many runs $name', ({ isThere, open }) => {
  it.skipIf(!isThere)('are opened, sorted, filtered and scrolled, a few rows drawn at a time', async () => {
    const { page, folder, faults, chooseExisting } = await open([])
    const path = join(folder, 'many.anchorage')
    const best = await writeManyRuns(path, manyRuns)
    const all = `${manyRuns.toLocaleString('en')} runs`
    const last = `run ${String(manyRuns - 1).padStart(5, '0')}`
    await chooseExisting(path, () => page.getByRole('button', { name: 'Open project' }).click())
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
    await show(page, 'Runs')
    await page.getByText(all).waitFor()
    // What is chosen is chosen no longer: every run has its row.
    await choose(page, 'Group by', /^Configuration$/)
    const table = page.getByRole('region', { name: 'Table of runs' })
    await table.getByRole('button', { name: 'Matching' }).click()
    await table.getByRole('columnheader', { name: 'Matching' }).getByText('↓').waitFor()
    await table.getByText(best.toFixed(3)).first().waitFor()
    expect(await table.getByRole('row').count()).toBeLessThan(100)
    await page.getByLabel('Filter').fill('target:gpt2 anchors=64 matching>0.9')
    const expected = Array.from({ length: manyRuns }, (_, index) => index).filter(
      (index) => index % 3 === 1 && index % 4 === 0 && 0.5 + ((index * 37) % 5000) / 10_000 > 0.9
    ).length
    await page.getByText(`${expected} of ${all}`).waitFor()
    await page.getByLabel('Filter').fill('')
    await page.getByText(all).waitFor()
    await table.getByRole('button', { name: 'Run', exact: true }).click()
    await table.getByRole('button', { name: 'run 00000' }).waitFor()
    await table.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
    await table.getByRole('button', { name: last }).waitFor()
    await table.getByRole('button', { name: 'Run ↑' }).click()
    // Sorted the other way, seen from its top.
    await expect.poll(() => table.evaluate((element) => element.scrollTop)).toBe(0)
    await table.getByRole('button', { name: last }).waitFor()
    await expectAccessible(page)
    expect(faults).toEqual([])
  })
})
