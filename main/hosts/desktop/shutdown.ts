/** The end of the application in order: the store is written out and the engine has left before it quits. */
import { setTimeout as delay } from 'node:timers/promises'
import { app, BrowserWindow } from 'electron'
import type { Logger } from 'pino'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'

/**
 * Holds a quit back until `steps` are done one after the other, or have failed, or the time is up: by default longer
 * than the engine is given to end a stuck step.
 */
export function endInOrder(
  steps: readonly (() => Promise<void>)[],
  log: Logger,
  limitMilliseconds = 20_000
): void {
  let state: 'running' | 'ending' | 'ended' = 'running'
  const takeSteps = async (): Promise<void> => {
    for (const step of steps) {
      try {
        await step()
      } catch (error) {
        log.error(explainError(errorToData(error)))
      }
    }
  }
  const end = async (): Promise<void> => {
    const late = delay(limitMilliseconds, 'late' as const, { ref: false })
    if ((await Promise.race([takeSteps(), late])) === 'late')
      log.error('the end took too long and is cut short')
    state = 'ended'
    app.quit()
  }
  app.on('before-quit', (event) => {
    if (state === 'ended') return
    // Where a signal ends the whole group, the process that draws is gone before this one: Chromium would abort where
    // it can't start another, and nothing would end in order.
    app.commandLine.appendSwitch('disable-gpu-process-crash-limit')
    event.preventDefault()
    if (state === 'ending') return
    state = 'ending'
    // What is asked from now on could not be answered any more.
    for (const window of BrowserWindow.getAllWindows()) window.hide()
    void end()
  })
  // Windows ends a session without asking for a quit, and waits some seconds for what a program does.
  app.on('browser-window-created', (_event, window) => {
    window.on('session-end', () => app.quit())
  })
}
