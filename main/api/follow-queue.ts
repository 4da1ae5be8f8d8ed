/** Tells windows of the queue: progress at once but not too often, what was made a moment after it was stored. */
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
const progressMilliseconds = 100

const madeByCells = [
  'jobs',
  'runs',
  'prompts',
  'evaluations',
  'experiments'
] as const satisfies readonly Change[]

export function followQueue(queue: Pick<Queue, 'onEvent'>, news: News): Unsubscribe {
  let waiting: NodeJS.Timeout | null = null
  // A word with other figures than the last, such as the accuracy of a validation, is not to be lost.
  const lastTold = new Map<string, number>()
  const tell = (): void => {
    waiting = null
    for (const what of madeByCells) news.changed(what)
  }
  const unsubscribe = queue.onEvent((event) => {
    if (event.kind === 'progress') {
      const now = performance.now()
      const figures = Object.keys(event.progress.values ?? {}).join()
      if (now - (lastTold.get(figures) ?? 0) < progressMilliseconds) return
      lastTold.set(figures, now)
      const { kind: _, ...progress } = event
      news.progressed(progress)
    } else waiting ??= setTimeout(tell, pauseMilliseconds)
  })
  return () => {
    unsubscribe()
    if (waiting !== null) clearTimeout(waiting)
  }
}
