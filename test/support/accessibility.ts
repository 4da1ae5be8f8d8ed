/** What axe finds on a page: only what keeps people from using it. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { z } from 'zod'

const findingsSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      nodes: z.array(z.object({ html: z.string() }))
    })
  )
})

/** The serious and critical findings, each with where. The policy of the page holds for tests too, so axe is evaluated from outside. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = findingsSchema.parse(await page.evaluate('axe.run()'))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
