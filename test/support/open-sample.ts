/** The sample in a page, for tests and for the pictures of the documents. */
import type { Page } from 'playwright-core'

/** From the start screen to a copy of the sample. */
export async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open sample' }).click()
  await page.getByRole('button', { name: 'Choose this folder' }).click()
  await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
}
