/** Combinations on the sample, on every host: which set is best on a target, by how much and why. */
import { describe, expect, it } from 'vitest'
import { openStoreToRead } from '#store/project-store.ts'
import { expectAccessible, show } from '#test/support/browser-window.ts'
import { openSample, sampleCopy } from '#test/support/open-sample.ts'
import { hostsOfThisRun } from '#test/support/story-hosts.ts'

/** The share of right answers of every set of sources on a target over all examples, straight from the store. */
async function accuraciesOf(path: string, target: string): Promise<Map<string, number>> {
  const store = await openStoreToRead(path)
  const runs = await store.read.runs.overview()
  const counts = new Map<string, [right: number, total: number]>()
  for (const { id, manifest } of runs) {
    if (manifest.target.name !== target || manifest.sources.length === 0) continue
    if (manifest.method.kind !== 'exact' || manifest.anchors?.count !== 512) continue
    const name = manifest.sources
      .map(({ model }) => model.name)
      .sort()
      .join(' + ')
    const ranks = (await store.read.runs.predictions(id)) ?? []
    const [right, total] = counts.get(name) ?? [0, 0]
    counts.set(name, [right + ranks.filter(({ rank }) => rank === 1).length, total + ranks.length])
  }
  await store.close()
  return new Map([...counts].map(([name, [right, total]]) => [name, right / total]))
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

describe.each(hostsOfThisRun)('combinations $name', { timeout: 180_000 }, ({ isThere, open }) => {
  it.skipIf(!isThere)(
    'say which set is best and by how much, move by keyboard, and go on to Mix and into a paper',
    async () => {
      const window = await open([])
      const { page, folder, faults, saved } = window
      await openSample(page)
      const accuracies = await accuraciesOf(sampleCopy(folder), 'bert-large')
      const [best, single, other] = ['bert-small + roberta-small', 'roberta-small', 'bert-small'].map(
        (name) => ({ name, accuracy: accuracies.get(name) ?? 0 })
      )
      await show(page, 'Combinations')
      // The set in focus is seen on the relation that says most of why.
      const shown = page
        .getByRole('complementary', { name: 'Inspector' })
        .getByRole('combobox', { name: 'Relation' })
      await expect.poll(() => shown.inputValue()).toBe('city-continent')
      const sets = page.getByRole('listbox', { name: 'Sets of sources' }).getByRole('option')
      await sets.first().waitFor()
      expect(await sets.count()).toBe(3)
      const labels = await sets.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
      for (const [index, { name, accuracy }] of [best, single, other].entries())
        expect(labels[index]).toContain(`${name}: ${percent(accuracy)}`)
      const gain = (100 * (best.accuracy - single.accuracy)).toFixed(1)
      expect(labels[0]).toContain(`+${gain} points against roberta-small`)
      await page.getByText('1,182 examples, each example once (micro average)').first().waitFor()
      // Two sources: Shapley values by hand, in points.
      const share = (100 * (best.accuracy + other.accuracy - single.accuracy)) / 2
      await page
        .getByRole('region', { name: 'Contribution of each source' })
        .getByRole('img', { name: `bert-small ${share.toFixed(1)}` })
        .waitFor()
      const weights = page.getByRole('region', { name: 'Weights over all relations' })
      await weights.getByText(`Highest ${percent(best.accuracy)} at bert-small 0.50`).waitFor()
      // Of eleven mixtures on 22 relations, both sources alone and equal weights were run.
      await weights.getByText(`Not run yet: ${8 * 22} runs`).waitFor()
      await expectAccessible(page)

      // A link carries the whole scope: other anchors, without a relation, each relation once.
      await page.evaluate(
        `location.hash = '#/combinations?target=bert-large&anchorSet=256+most+frequent+words&average=macro&without=capital'`
      )
      await page.getByText('1,142 examples, each relation once (macro average)').first().waitFor()
      expect(await page.evaluate('location.hash')).toBe('#/combinations')
      // What there is no room for in the row stands below it.
      await page.getByRole('button', { name: /^▸.*Anchor set 256/ }).click()
      expect(await page.getByRole('combobox', { name: 'Anchor set' }).inputValue()).toMatch(/^256 /)
      await page.getByRole('button', { name: /^▾/ }).click()
      await page.evaluate(`location.hash = '#/combinations?target=bert-large'`)
      await page.getByText('1,182 examples, each example once').first().waitFor()

      await sets.first().focus()
      await page.keyboard.press('ArrowRight')
      const inspector = page.getByRole('complementary', { name: 'Inspector' })
      await inspector.getByRole('heading', { name: 'roberta-small', exact: true }).waitFor()
      await page.keyboard.press('Shift+Enter')
      await page.keyboard.press('ArrowRight')
      await inspector.getByRole('heading', { name: 'bert-small', exact: true }).waitFor()
      await page.keyboard.press('Shift+Enter')
      await page.getByText('difference to bert-small').waitFor()
      await page.keyboard.press('ArrowLeft')

      // Three sets of 22 relations' dev facts, some of them asked.
      const finding = page.getByRole('region', { name: 'Find the best set' })
      await finding.getByRole('button', { name: 'Find the best set' }).click()
      await finding.getByRole('button', { name: 'Cancel' }).click()
      await finding.getByText('Cancelled: what was answered is kept.').waitFor()
      await finding.getByRole('button', { name: 'Resume' }).click()
      const chosen = finding.getByRole('status', { name: 'The chosen set' })
      await chosen.waitFor({ timeout: 120_000 })
      const told = (await chosen.textContent()) ?? ''
      expect(told).toMatch(
        /of 509 dev examples of 22 relations, the best of 3 sets, with \d+\.\d % of 1,527 answers/
      )
      expect(told).toContain('not zero-shot')
      expect(Number(/with (\d+\.\d) % of/.exec(told)?.[1])).toBeLessThanOrEqual(15)

      await chosen.getByRole('button', { name: 'Remove' }).click()
      await chosen.waitFor({ state: 'hidden' })
      await page.getByRole('button', { name: 'Undo' }).click()
      await chosen.waitFor()

      const picture = 'Export Sets of sources on bert-large'
      const save = async (format: 'pdf' | 'svg' | 'csv', item: string): Promise<string> => {
        await page.getByRole('button', { name: picture }).click()
        return await saved(`sets-of-sources-on-bert-large.${format}`, () =>
          page.getByRole('menuitem', { name: item, exact: true }).click()
        )
      }
      const pdf = await save('pdf', 'Save PDF')
      expect(pdf).toMatch(/^%PDF/)
      // All letters are of Helvetica, plain or bold: what has no such face would be set in Times.
      const faces = new Set(Array.from(pdf.matchAll(/\/(F\d+) [\d.]+ Tf/g), ([, face]) => face))
      expect([...faces].sort()).toEqual(['F1', 'F2'])
      const svg = await save('svg', 'Save SVG')
      expect(svg).toContain('fill="#ffffff"')
      expect(Number(/ width="([\d.]+)pt"/.exec(svg)?.[1])).toBeLessThanOrEqual(6.75 * 72)
      const csv = await save('csv', 'Save data as CSV')
      expect(csv).toContain(`bert-small + roberta-small,${Number((100 * best.accuracy).toFixed(2))},`)

      await page.getByRole('option', { name: 'bert-small + roberta-small: ' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Mix', exact: true }).waitFor()
      await page.getByRole('figure', { name: 'bert-small and roberta-small' }).waitFor()
      expect(faults).toEqual([])
    }
  )
})
