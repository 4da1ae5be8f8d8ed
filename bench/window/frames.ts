/** How long a page draws nothing new while something is done in it, and what its main thread does meanwhile. */
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'

const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      /** Microseconds of the processor: what else the machine does is not counted. */
      tdur: z.number().optional(),
      args: z.object({ name: z.string().optional() }).optional()
    })
  )
})

/** In milliseconds. */
export type Pauses = {
  /** Longest time between two frames. */
  readonly frame: number
  /** Longest task of the page's main thread, in time of the processor. */
  readonly task: number
}

/** Longest task of a renderer's main thread in a trace, in milliseconds. */
function longestTask(trace: Buffer): number {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString()))
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`)
  )
  const own = traceEvents.filter(({ name, pid, tid }) => name === 'RunTask' && mains.has(`${pid} ${tid}`))
  return own.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1000), 0)
}

const watchFrames = `
  window.watched = { longest: 0, goesOn: true }
  requestAnimationFrame(function first(before) {
    requestAnimationFrame(function tick(now) {
      window.watched.longest = Math.max(window.watched.longest, now - before)
      before = now
      if (window.watched.goesOn) requestAnimationFrame(tick)
    })
  })`

/** The end of it is seen some frames after \`step\`, when what it caused is drawn. */
const endOfFrames = `new Promise((resolve) => setTimeout(() => {
    window.watched.goesOn = false
    resolve(window.watched.longest)
  }, 300))`

/** What the page takes while \`step\` is done, which ends when what it asks for is to be seen. */
export async function watchPauses(
  browser: Browser,
  page: Page,
  step: () => Promise<unknown>
): Promise<Pauses> {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', 'toplevel'] })
  await page.evaluate(watchFrames)
  await step()
  const frame = z.number().parse(await page.evaluate(endOfFrames))
  return { frame, task: longestTask(await browser.stopTracing()) }
}
