/** What the queue says of an engine that was given up, of files that are set aside, and of jobs that failed. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import type { GivenUp } from '#main/engine-process/engine-process.ts'
import { createProject, expectAccessible, openWindowOn } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { type EngineInProcess, engineInProcess } from '#test/support/engine-in-process.ts'
import { heldEngine } from '#test/support/held-engine.ts'
import { orderGrid } from '#test/support/order-grid.ts'
import { listenForFaults } from '#test/support/page-faults.ts'
import { openSampleWindow } from '#test/support/sample-window.ts'

/** An engine that carries nothing. */
function failingEngine(): EngineInProcess {
  const engine = engineInProcess()
  return {
    ...engine,
    call: (method, ...rest) =>
      method === 'transfer.run'
        ? Promise.reject(
            new AnchorageError('device-failed', 'The device is gone.', { next: 'Choose another one.' })
          )
        : engine.call(method, ...rest)
  }
}

/** An engine that was given up until it is restarted. */
function givenUpEngine(): EngineInProcess {
  const changes = createListeners<GivenUp | null>()
  let givenUp: GivenUp | null = { reason: 'it ended 3 times', until: Date.now() + 60_000 }
  return {
    ...engineInProcess(),
    givenUp: () => givenUp,
    onGivenUp: changes.add,
    restart: () => {
      givenUp = null
      changes.emit(null)
    }
  }
}

/** An engine that two files ended twice, until they are asked for again. */
function engineWithFilesAside(): EngineInProcess {
  const changes = createListeners<void>()
  let setAside = [['/models/bad'], ['/models/good', '/tasks/large']]
  return {
    ...engineInProcess(),
    setAside: () => setAside,
    onSetAside: changes.add,
    restart: () => {
      setAside = []
      changes.emit()
    }
  }
}

/** How long a busy machine may take. */
const patience = { timeout: 30_000 }

describe.skipIf(!hasChromium())('the queue', () => {
  it('names files that are set aside, and takes them up again', async () => {
    const { page, faults } = await openWindowOn(engineWithFilesAside())
    await createProject(page)
    await page.getByRole('button', { name: 'Queue: files set aside' }).click()
    const queue = page.getByRole('region', { name: 'Queue' })
    await queue.getByText('/models/bad', { exact: true }).waitFor()
    await queue.getByText('/models/good with /tasks/large').waitFor()
    await expectAccessible(page)
    await queue.getByRole('button', { name: 'Try again' }).click()
    await queue.getByRole('alert').waitFor({ state: 'detached' })
    await page.getByText('Queue: idle').waitFor()
    expect(faults).toEqual([])
  })

  it('says that the engine was given up, and restarts it', async () => {
    const { page, faults } = await openWindowOn(givenUpEngine())
    await createProject(page)
    await page.getByRole('button', { name: 'Queue: engine stopped' }).click()
    const queue = page.getByRole('region', { name: 'Queue' })
    await queue.getByText('it ended 3 times').waitFor()
    await expectAccessible(page)
    await queue.getByRole('button', { name: 'Restart engine' }).click()
    await queue.getByRole('alert').waitFor({ state: 'detached' })
    await page.getByText('Queue: idle').waitFor()
    expect(faults).toEqual([])
  })

  it('stays open though the state changes before that is stored', async () => {
    const engine = givenUpEngine()
    const { page, faults } = await openWindowOn(engine)
    await createProject(page)
    await page.getByRole('button', { name: 'Queue: engine stopped' }).click()
    const queue = page.getByRole('region', { name: 'Queue' })
    await queue.getByText('it ended 3 times').waitFor()
    engine.restart()
    await page.getByText('Queue: idle').waitFor()
    await queue.waitFor()
    await page.reload()
    await queue.waitFor()
    expect(faults).toEqual([])
  })

  it('says of a job and of a part why they failed, and what to do', async () => {
    const { page } = await openSampleWindow(failingEngine())
    await orderGrid(page, { perJob: 1 })
    await page.keyboard.press('Control+j')
    const queue = page.getByRole('region', { name: 'Queue' })
    await queue.getByText('The device is gone.').first().waitFor()
    await queue.getByText('Choose another one.').first().waitFor()
    expect(await queue.getByText('[object Object]').count()).toBe(0)
  })

  it('is put in another order by keys, menu and dragging, and paused, the same in every tab', {
    timeout: 180_000
  }, async () => {
    const { engine, hold, release } = heldEngine(engineInProcess())
    const { page, host, faults } = await openSampleWindow(engine)
    // What is held is let go before the host closes, which waits for it.
    onTestFinished(release)
    await orderGrid(page, { perJob: 1, beforeQueued: hold })
    const other = await page.context().newPage()
    const otherFaults = listenForFaults(other)
    await other.goto(host.url)
    // Once it is there it has read what is shown: that the queue is open in the first tab is nothing to it.
    await other.getByRole('navigation').waitFor()
    const queueOf = async (tab: Page) => {
      await tab.keyboard.press('Control+j')
      return tab.getByRole('region', { name: 'Queue' })
    }
    const [queue, elsewhere] = [await queueOf(page), await queueOf(other)]
    const handles = (region: Locator): Locator =>
      region.getByRole('button', { name: /^Place \d+ of \d+ that wait/ })
    const waiting = async (region: Locator): Promise<string[]> =>
      (
        await handles(region).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
      ).map((label) => label.replace(/^.*: move /, ''))
    await expect.poll(() => waiting(queue), patience).toHaveLength(5)
    const [a = '', b = '', c = '', d = '', e = ''] = await waiting(queue)
    // Jobs of the sample that have ended are called the same, and stand below.
    const row = (region: Locator, title: string): Locator =>
      region.getByRole('article', { name: title, exact: true }).first()
    const expectOrder = async (...titles: string[]): Promise<void> => {
      await expect.poll(() => waiting(queue), patience).toEqual(titles)
      await expect.poll(() => waiting(elsewhere), patience).toEqual(titles)
    }

    await handles(queue).nth(2).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await expectOrder(a, c, b, d, e)
    // The row that was moved keeps the focus: the next press moves it on.
    await page.keyboard.press('Alt+ArrowUp')
    await expectOrder(c, a, b, d, e)
    await expectAccessible(page)
    // A line each in a narrow window too.
    const { width = 0, height = 0 } = page.viewportSize() ?? {}
    await page.setViewportSize({ width: 900, height })
    const rowHeights = (): Promise<number[]> =>
      queue.locator('.job-line').evaluateAll((lines) => lines.map(({ clientHeight }) => clientHeight))
    await expect.poll(async () => Math.max(...(await rowHeights())), patience).toBeLessThan(30)
    await page.setViewportSize({ width, height })
    await handles(queue).nth(4).click()
    await page.getByRole('menuitem', { name: 'Move to the top' }).click()
    await expectOrder(e, c, a, b, d)
    await other.bringToFront()
    await handles(elsewhere)
      .nth(0)
      .dragTo(row(elsewhere, d), { targetPosition: { x: 200, y: 24 } })
    await expectOrder(c, a, b, d, e)

    await row(elsewhere, c).getByRole('button', { name: 'Pause' }).click()
    await row(queue, c).getByText('paused').waitFor()
    await page.bringToFront()
    await queue.getByRole('button', { name: 'Pause the queue' }).click()
    await elsewhere.getByText('The queue is paused').waitFor()
    // What is at work goes on to its end.
    await queue.getByText('pausing').waitFor()
    release()
    await page.getByRole('button', { name: /^Queue: paused/ }).waitFor()
    await expectAccessible(page)
    await page.reload()
    await queue.getByText('The queue is paused').waitFor()
    await queue.getByRole('button', { name: 'Resume the queue' }).click()
    await page.getByRole('button', { name: 'Queue: 1 waiting' }).waitFor({ timeout: 120_000 })
    expect(await waiting(queue)).toEqual([c])
    await row(queue, c).getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Queue: idle' }).waitFor({ timeout: 60_000 })
    expect([...faults, ...otherFaults]).toEqual([])
  })
})
