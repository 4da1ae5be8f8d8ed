/** Keeps the computer from going to sleep by itself while jobs run; its screen may go dark. */
import { powerSaveBlocker } from 'electron'
import type { WindowService } from '#main/api/serve-windows.ts'

async function hasWork({ handlers }: WindowService): Promise<boolean> {
  const context = { signal: new AbortController().signal, progress: () => {} }
  const { project } = await handlers['workbench.state']({}, context)
  if (project === null) return false
  const jobs = await handlers['jobs.list']({}, context)
  return jobs.some(({ state }) => state === 'running')
}

/** Follows the queue of the open project; what can't be asked of it is reported. */
export function keepAwake(service: WindowService, report: (error: unknown) => void): void {
  let blocker: number | null = null
  const follow = async (): Promise<void> => {
    const isAtWork = await hasWork(service)
    if (isAtWork && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
    if (!isAtWork && blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
  // One after the other, so that the last word is the newest.
  let followed = Promise.resolve()
  service.onChange(({ what }) => {
    if (what === 'jobs' || what === 'state') followed = followed.then(follow).catch(report)
  })
}
