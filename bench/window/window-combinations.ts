/** Combinations of eight sources: every set on 41 relations, and 20 targets to choose from, with the longest pause of each step. */
import { join } from 'node:path'
import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { scorePredictions } from '#engine/common/statistics/score-predictions.ts'
import { createStore } from '#store/project-store.ts'
import type { NewRun } from '#store/records/runs.ts'
import { evaluatedRun, sampleReport, sampleRun } from '#test/support/sample-records.ts'
import { type Page as Figures, timeFigure } from '../figures.ts'
import { watchPauses } from './frames.ts'
import { openPage, startHost, withBrowser } from './open-window.ts'

const sources = Array.from({ length: 8 }, (_, place) => `source-${place + 1}`)
const relations = Array.from({ length: 41 }, (_, place) => `P${100 + place}`)
const targets = Array.from({ length: 20 }, (_, place) => `target-${String(place + 1).padStart(2, '0')}`)
/** Of each relation. */
const examples = 50
const longestPause = 0.1

const ids = Array.from({ length: examples }, (_, place) => String(place))
const candidates = ['Paris', 'Rome', 'Oslo', 'Bern', 'Kyiv', 'Riga', 'Lima', 'Doha', 'Male', 'Baku', 'Suva']

/** A run of a set, whose sources add to what it gets right. */
function runOf(set: number, relation: string, target: string, uniform: () => number): NewRun {
  const members = sources.filter((_, place) => (set >> place) & 1)
  const base = evaluatedRun(sampleRun(`${members.join(' + ')} → ${target} ${relation}`))
  const [prediction] = base.predictions ?? []
  if (prediction === undefined) throw new Error('the sample is not evaluated')
  const share = 0.2 + members.reduce((sum, _, place) => sum + 0.01 * (place + 1), 0)
  const predictions = ids.map((example) => ({
    ...prediction,
    example,
    rank: uniform() < share ? 1 : 2 + Math.floor(uniform() * candidates.length)
  }))
  return {
    ...base,
    scores: scorePredictions(predictions),
    predictions,
    manifest: {
      ...base.manifest,
      relation,
      task: { name: relation, sha256: relation },
      target: { name: target, fingerprint: sampleReport(target, 6).fingerprint },
      sources: members.map((name) => ({
        model: { name, fingerprint: sampleReport(name, 4).fingerprint },
        prompt: { name: relation, sha256: `${name} ${relation}`, recipe: null },
        weight: 1
      }))
    }
  }
}

/** On the first target every set, on the others every source alone. */
async function writeProject(path: string): Promise<number> {
  const store = await createStore(path)
  const uniform = seededUniform(1)
  let count = 0
  try {
    await store.write(async ({ runs }) => {
      for (const [place, target] of targets.entries())
        for (let set = 1; set < 2 ** sources.length; set++) {
          const isAlone = (set & (set - 1)) === 0
          if (place > 0 && !isAlone) continue
          for (const relation of relations) await runs.put(runOf(set, relation, target, uniform))
          count += relations.length
        }
    })
    return count
  } finally {
    await store.close()
  }
}

export async function benchWindowCombinations(figures: Figures): Promise<void> {
  await withBrowser(async (browser, folder) => {
    const project = join(folder, 'sets.anchorage')
    const runs = await writeProject(project)
    figures.text(
      `255 sets of 8 sources × 41 relations of ${examples} examples on one of 20 targets, ${runs.toLocaleString('en')} runs`
    )
    const host = await startHost(project, folder)
    try {
      const page = await openPage(browser, host.url)
      await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
      const sets = page.getByRole('listbox', { name: 'Sets of sources' }).getByRole('option')
      const chosen = page.getByRole('complementary', { name: 'Inspector' })
      const choose = (field: string, option: string | RegExp) => async () => {
        await page.getByRole('combobox', { name: field, exact: true }).click()
        await page.getByRole('option', { name: option }).first().click()
      }
      const started = performance.now()
      await page.evaluate(`location.hash = '#/combinations?target=${targets[0]}'`)
      await sets.nth(254).waitFor({ timeout: 120_000 })
      await chosen.getByRole('heading').first().waitFor()
      figures.figures([timeFigure('loaded', (performance.now() - started) / 1000)])
      // What has no room in the row of the scope.
      await page.getByRole('button', { name: /by accuracy/ }).click()
      const steps: Record<string, () => Promise<unknown>> = {
        'another set in focus, ten by keyboard': async () => {
          await sets.first().focus()
          for (let key = 0; key < 10; key++) await page.keyboard.press('ArrowRight')
        },
        'each relation once (macro)': async () => {
          await page.getByRole('radiogroup', { name: 'Average' }).getByText('macro').click()
        },
        'sorted otherwise': choose('Order', 'By size'),
        'another metric': choose('Metric', 'P@10'),
        'another target, of single sources': choose('Target', 'target-02'),
        'the target of all sets again': choose('Target', 'target-01')
      }
      for (const [what, step] of Object.entries(steps)) {
        const { frame, task } = await watchPauses(browser, page, step)
        figures.figures([
          timeFigure(`${what}: longest pause`, frame / 1000, longestPause),
          timeFigure(`${what}: longest task of the page, of the processor`, task / 1000)
        ])
      }
    } finally {
      await host.close()
    }
  })
}
