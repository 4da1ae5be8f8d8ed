/** The sample in a page, for tests and for the pictures of the documents. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** From the start screen to a copy of the sample, without its tour. */
export async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open sample' }).click()
  await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Skip the tour' }).click()
}

/** Where the copy of the sample lies among the documents of a test. */
export function sampleCopy(documents: string): string {
  return join(documents, 'Anchorage', 'Sample.anchorage')
}
