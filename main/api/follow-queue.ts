/**
 * Tells windows of the queue: progress at once but not too often for long, what was made a moment after it was stored.
 */
import type { PayloadOf } from '#engine/common/rpc/method-map.ts'
import type { Unsubscribe } from '#engine/common/rpc/transport.ts'
import type { Queue } from '#main/queue/queue.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'

type Change = PayloadOf<WorkbenchContract, 'workbench.changed'>['what']
type Progress = PayloadOf<WorkbenchContract, 'job.progress'>

export type News = {
  changed(what: Change): void
  progressed(progress: Progress): void
}

/** Lists are asked for again by every window at every change: no more often than this. */
const pauseMilliseconds = 400
/** Progress is told as often as this, and before that so many words at once: curves of what is over in a moment are whole. */
const [progressMilliseconds, wordsAtOnce] = [100, 200]

const madeByCells = [
  'jobs',
  'runs',
  'prompts',
  'evaluations',
  'experiments'
] as const satisfies readonly Change[]

/** How many more words may be told now: one is gained every so often. */
type Allowance = { words: number; at: number }

export function followQueue(queue: Pick<Queue, 'onEvent'>, news: News): Unsubscribe {
  let waiting: NodeJS.Timeout | null = null
  // A word with other figures than the last, such as the accuracy of a validation, has an allowance of its own.
  const allowances = new Map<string, Allowance>()
  /** The last word where it was one too many: what a work came to is told at its end. */
  let held: Progress | null = null
  const tell = (): void => {
    waiting = null
    for (const what of madeByCells) news.changed(what)
  }
  const hear = (progress: Progress): void => {
    const figures = Object.keys(progress.progress.values ?? {}).join()
    const now = performance.now()
    const { words, at } = allowances.get(figures) ?? { words: wordsAtOnce, at: now }
    const allowed = Math.min(wordsAtOnce, words + (now - at) / progressMilliseconds)
    const isTold = allowed >= 1
    allowances.set(figures, { words: isTold ? allowed - 1 : allowed, at: now })
    held = isTold ? null : progress
    if (isTold) news.progressed(progress)
  }
  const unsubscribe = queue.onEvent((event) => {
    if (event.kind === 'progress') {
      const { kind: _, ...progress } = event
      hear(progress)
      return
    }
    if (held !== null) news.progressed(held)
    held = null
    waiting ??= setTimeout(tell, pauseMilliseconds)
  })
  return () => {
    unsubscribe()
    if (waiting !== null) clearTimeout(waiting)
  }
}
