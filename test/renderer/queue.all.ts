/** A grid in the queue: cancelled half way, its engine killed, and resumed to exactly what was asked for. */
import { resolve } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEngineProcess, type EngineProcess } from '#main/engine-process/engine-process.ts'
import { forkEngine, type RunningEngine } from '#main/engine-process/fork-engine.ts'
import { openStoreToRead } from '#store/project-store.ts'
import { expectAccessible, openWindowOn } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openSample, sampleCopy } from '#test/support/open-sample.ts'
import { orderGrid } from '#test/support/order-grid.ts'

/** An engine in a process of its own: it can be killed, and what is asked of it can be held back for a while. */
function killableEngine() {
  const log = pino({ level: 'silent' })
  let running: RunningEngine | null = null
  const engine = createEngineProcess({
    start: () => {
      running = forkEngine(resolve(import.meta.dirname, '../../out/engine.js'), log)
      return running
    },
    log
  })
  onTestFinished(() => engine.stop())
  let free = Promise.resolve()
  const heldBack: EngineProcess = {
    ...engine,
    call: (method, ...rest) => free.then(() => engine.call(method, ...rest))
  }
  return {
    engine: heldBack,
    kill: () => running?.kill(),
    /** Holds calls back until the function that it gives is called. */
    hold() {
      let release = (): void => {}
      free = new Promise((resolve) => {
        release = resolve
      })
      return release
    }
  }
}

describe.skipIf(!hasChromium())('the queue', () => {
  it('goes on where a grid of 60 runs was cancelled, though its engine is killed', async () => {
    const { engine, kill, hold } = killableEngine()
    const { page, folder, faults } = await openWindowOn(engine)
    await openSample(page)
    const store = await openStoreToRead(sampleCopy(folder))
    onTestFinished(() => store.close())
    const before = await store.read.runs.count()
    const made = async (): Promise<number> => (await store.read.runs.count()) - before
    await orderGrid(page)
    await page.keyboard.press('Control+j')
    const queue = page.getByRole('region', { name: 'Queue' })
    await expect.poll(made, { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(25)
    // A click takes its time on a busy machine, and the engine would come to the end of the grid meanwhile.
    const release = hold()
    await queue.getByRole('button', { name: /^Cancel all/ }).click()
    await queue.getByText('cancelled').first().waitFor()
    release()
    await expect.poll(() => store.read.jobs.runningCells(), { timeout: 20_000 }).toEqual([])
    const half = await made()
    expect(half).toBeLessThan(60)
    await expectAccessible(page)

    kill()
    await queue.getByRole('button', { name: /^Resume all/ }).click()
    await expect.poll(made, { timeout: 60_000, interval: 20 }).toBeGreaterThan(half)
    kill()
    await expect.poll(made, { timeout: 90_000 }).toBe(60)
    await queue.getByText('finished').first().waitFor()
    const runs = (await store.read.runs.overview()).slice(0, 60)
    const distinct = new Set(
      runs.map(({ manifest: { sources, target, relation } }) =>
        [sources.map(({ model }) => model.name), target.name, relation].join(' ')
      )
    )
    expect(distinct.size).toBe(60)
    expect(runs.every(({ scores }) => scores !== null)).toBe(true)
    expect(faults).toEqual([])
  }, 240_000)
})
