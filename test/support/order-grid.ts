/** A grid that a person orders on the screen Mix of the sample. */
import type { Page } from 'playwright-core'
import { show } from './browser-window.ts'

const relations = [
  'animal-class',
  'birthplace',
  'capital',
  'city-continent',
  'city-country',
  'company-country',
  'continent',
  'covering',
  'creator',
  'currency'
]

type Asked = {
  /** How many relations, ten at most. */
  readonly perJob?: number
  /** Is done once everything was planned and tried, before anything is queued. */
  readonly beforeQueued?: () => void
}

/** Asks for two sources, alone and together, × two targets × relations: of ten relations 60 runs in 6 jobs. */
export async function orderGrid(
  page: Page,
  { perJob = relations.length, beforeQueued = () => {} }: Asked = {}
): Promise<void> {
  await show(page, 'Mix')
  // The sample opens with the prompts of both sources for one relation chosen.
  await page.getByRole('button', { name: 'Grid search …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Grid search' })
  const others = relations.filter((relation) => relation !== 'capital').slice(0, perJob - 1)
  for (const relation of others) {
    await dialog.getByRole('combobox', { name: /^Relations/ }).fill(relation)
    await page.getByRole('option', { name: relation, exact: true }).click()
  }
  await dialog.getByRole('combobox', { name: 'Targets' }).press('ArrowDown')
  await page.getByRole('option', { name: 'roberta-large' }).click()
  await page.keyboard.press('Escape')
  // Not the λ of the sample's own runs, which would be the same ones again.
  await dialog.getByRole('textbox', { name: 'Ridge λ' }).fill('0.05')
  const queue = dialog.getByRole('button', { name: `Queue ${6 * perJob} runs` })
  await queue.waitFor()
  beforeQueued()
  await queue.click()
}
