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

/** Those of axe's rules that look at colours, and are not of the strictest level. */
const rulesOfColours = ['color-contrast', 'link-in-text-block']

/**
 * The serious and critical findings, each with where. The policy of the page holds for tests too, so axe is evaluated from
 * outside, once per page.
 */
export async function seriousFindings(
  page: Page,
  about: 'everything' | 'colours' = 'everything'
): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source)
  const rules = about === 'colours' ? { runOnly: { type: 'rule', values: rulesOfColours } } : {}
  const options = JSON.stringify({ resultTypes: ['violations'], ...rules })
  const { violations } = findingsSchema.parse(await page.evaluate(`axe.run(document, ${options})`))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
