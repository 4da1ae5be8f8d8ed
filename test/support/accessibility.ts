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
 * Colours change over a moment; what is measured half way is neither. What turns for ever is not waited for. A menu
 * that closes is there a moment longer than its animation, all its items transparent: as far as the rules can tell,
 * an empty menu.
 */
async function settle(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))).then(() =>
    Promise.allSettled(document.getAnimations()
      .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime))
      .map(({ finished }) => finished)))`)
  // Asked once and waited for in the page: what asks again and again is evaluated by the page itself, whose policy forbids it.
  await page.evaluate(`new Promise((resolve) => {
    const look = () => Array.from(document.querySelectorAll('[style*="transition-property"]'))
      .every((element) => getComputedStyle(element).opacity === '1') ? resolve() : requestAnimationFrame(look)
    look()
  })`)
}

/**
 * The serious and critical findings, each with where, once what moves has come to rest. The policy of the page holds for
 * tests too, so axe is evaluated from outside, once per page.
 */
export async function seriousFindings(
  page: Page,
  about: 'everything' | 'colours' = 'everything'
): Promise<string[]> {
  await settle(page)
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source)
  const rules = about === 'colours' ? { runOnly: { type: 'rule', values: rulesOfColours } } : {}
  const options = JSON.stringify({ resultTypes: ['violations'], ...rules })
  const { violations } = findingsSchema.parse(await page.evaluate(`axe.run(document, ${options})`))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
