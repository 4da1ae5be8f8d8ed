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

/**
 * Asks for two sources, alone and together, × two targets × ten relations: 60 runs in 6 jobs.
 * @param beforeQueued is done once everything was planned and tried, before anything is queued
 */
export async function orderGrid(page: Page, beforeQueued = (): void => {}): Promise<void> {
  await show(page, 'Mix')
  // The sample opens with the prompts of both sources for one relation chosen.
  await page.getByRole('button', { name: 'Grid search …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Grid search' })
  for (const relation of relations) {
    if (relation === 'capital') continue
    await dialog.getByRole('combobox', { name: /^Relations/ }).fill(relation)
    await page.getByRole('option', { name: relation, exact: true }).click()
  }
  await dialog.getByRole('combobox', { name: 'Targets' }).press('ArrowDown')
  await page.getByRole('option', { name: 'roberta-large' }).click()
  await page.keyboard.press('Escape')
  // Not the λ of the sample's own runs, which would be the same ones again.
  await dialog.getByRole('textbox', { name: 'Ridge λ' }).fill('0.05')
  const queue = dialog.getByRole('button', { name: 'Queue 60 runs' })
  await queue.waitFor()
  beforeQueued()
  await queue.click()
}
