/** What a page itself says is wrong: its errors, and what its policy refused. */
import type { Page } from 'playwright-core'

/** A list that grows with every fault from now on. */
export function listenForFaults(page: Page): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} ${message.location().url}`)
  })
  return faults
}
