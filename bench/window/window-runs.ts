/** Ten thousand runs in the window: opened, sorted, filtered, scrolled, chosen and compared, with the longest frame of each. */
import { join } from 'node:path'
import { writeManyRuns } from '#test/support/many-runs.ts'
import { type Page as Figures, timeFigure } from '../figures.ts'
import { type Pauses, watchPauses } from './frames.ts'
import { openPage, startHost, withBrowser } from './open-window.ts'

const count = 10_000
const longestFrame = 0.05

export async function benchWindowRuns(figures: Figures): Promise<void> {
  figures.text(`${count.toLocaleString('en')} runs, a row each, in Chromium at 1440 × 900`)
  await withBrowser(async (browser, folder) => {
    const project = join(folder, 'many.anchorage')
    await writeManyRuns(project, count)
    const host = await startHost(project, folder)
    try {
      const page = await openPage(browser, host.url)
      await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
      const table = page.getByRole('region', { name: 'Table of runs' })
      const all = page.getByText(`${count.toLocaleString('en')} runs`)
      const filter = page.getByLabel('Filter')
      const drawn = (figure: string) =>
        page.getByRole('figure', { name: figure }).locator('.main-svg').first().waitFor()
      const steps: Record<string, () => Promise<unknown>> = {
        'opened, configurations': async () => {
          await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click()
          await all.waitFor()
          await table
            .getByRole('button', { name: /relations/ })
            .first()
            .waitFor()
        },
        'a row each': async () => {
          await page.getByRole('combobox', { name: 'Group by' }).click()
          await page.getByRole('option', { name: /^Configuration$/ }).click()
          await page.keyboard.press('Escape')
          await table.getByRole('button', { name: 'Matching' }).waitFor()
        },
        sorted: async () => {
          await table.getByRole('button', { name: 'Matching' }).click()
          await table.getByRole('columnheader', { name: 'Matching' }).getByText('↓').waitFor()
        },
        'filtered, typed letter by letter': async () => {
          await filter.pressSequentially('target:gpt2 anchors=64 matching>0.9', { delay: 30 })
          await page.getByText(/^\d+ of /).waitFor()
        },
        'filter taken away': async () => {
          await filter.fill('')
          await all.waitFor()
        },
        'scrolled by the wheel, 60 turns of 120 pixels': async () => {
          await table.hover()
          for (let turn = 0; turn < 60; turn++) {
            await page.mouse.wheel(0, 120)
            await page.waitForTimeout(16)
          }
        },
        'scrolled to the end and back': async () => {
          for (const end of ['element.scrollHeight', '0'])
            await table.evaluate(`(element) => element.scrollTo({ top: ${end} })`)
        },
        'two runs chosen, then all': async () => {
          const boxes = table.getByRole('checkbox')
          for (const place of [1, 3, 0]) await boxes.nth(place).click()
          await page.getByText(/runs, [\d,]+ chosen/).waitFor()
        },
        'Compare opened': async () => {
          await page.getByRole('navigation').getByRole('link', { name: 'Compare' }).click()
          await drawn('Parallel coordinates')
        },
        'Compare with other anchors': async () => {
          const anchors = page.getByRole('combobox', { name: 'Anchors', exact: true })
          // Which it shows at first is left to chance: there are as many runs with each.
          const other = (await anchors.inputValue()).startsWith('512') ? /^64/ : /^512/
          await anchors.click()
          await page.getByRole('option', { name: other }).first().click()
          await drawn('Parallel coordinates')
        },
        'Compare scrolled to its last figure': async () => {
          await page.getByRole('figure', { name: 'Parallel coordinates' }).scrollIntoViewIfNeeded()
        }
      }
      for (const [what, step] of Object.entries(steps)) {
        const { frame, task }: Pauses = await watchPauses(browser, page, step)
        figures.figures([
          timeFigure(`${what}: longest frame`, frame / 1000, longestFrame),
          timeFigure(`${what}: longest task of the page, of the processor`, task / 1000)
        ])
      }
    } finally {
      await host.close()
    }
  })
}
