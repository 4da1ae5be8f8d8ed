/** What the queue says of an engine that was given up, of files that are set aside, and of jobs that failed. */
import { describe, expect, it } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import type { GivenUp } from '#main/engine-process/engine-process.ts'
import { createProject, expectAccessible, openWindowOn } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { type EngineInProcess, engineInProcess } from '#test/support/engine-in-process.ts'
import { orderGrid } from '#test/support/order-grid.ts'
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

  it('says of a job and of a part why they failed, and what to do', async () => {
    const { page } = await openSampleWindow(failingEngine())
    await orderGrid(page)
    await page.keyboard.press('Control+j')
    const queue = page.getByRole('region', { name: 'Queue' })
    await queue.getByText('The device is gone.').first().waitFor()
    await queue.getByText('Choose another one.').first().waitFor()
    expect(await queue.getByText('[object Object]').count()).toBe(0)
  })
})
