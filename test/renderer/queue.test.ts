/** A grid in the queue: cancelled half way, its engine killed, and resumed to exactly what was asked for. */
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import { createEngineProcess, type GivenUp } from '#main/engine-process/engine-process.ts'
import { forkEngine, type RunningEngine } from '#main/engine-process/fork-engine.ts'
import { openStoreToRead } from '#store/project-store.ts'
import {
  createProject,
  expectAccessible,
  openSample,
  openWindowOn,
  show
} from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { type EngineInProcess, engineInProcess } from '#test/support/engine-in-process.ts'

const relations = [
  'animal-class',
  'birthplace',
  'capital',
  'city-continent',
  'city-country',
  'company-country',
  'continent',
  'covering',
  'creator',
  'currency'
]

/** An engine in a process of its own, and the way to kill it. */
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
  return { engine, kill: () => running?.kill() }
}

/** Asks for two sources, alone and together, × two targets × ten relations: 60 runs in 6 jobs. */
async function orderGrid(page: Page): Promise<void> {
  await show(page, 'Mix')
  // The sample opens with the prompts of both sources for one relation chosen.
  await page.getByRole('button', { name: 'Grid search …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Grid search' })
  for (const relation of relations) {
    if (relation === 'capital') continue
    await dialog.getByRole('combobox', { name: /^Relations/ }).fill(relation)
    await page.getByRole('option', { name: relation, exact: true }).click()
  }
  await dialog.getByRole('combobox', { name: 'Targets' }).press('ArrowDown')
  await page.getByRole('option', { name: 'roberta-large' }).click()
  await page.keyboard.press('Escape')
  // Not the λ of the sample's own runs, which would be the same ones again.
  await dialog.getByRole('textbox', { name: 'Ridge λ' }).fill('0.05')
  await dialog.getByRole('button', { name: 'Queue 60 runs' }).click()
}

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
    const queue = page.getByRole('dialog', { name: 'Queue' })
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
    const queue = page.getByRole('dialog', { name: 'Queue' })
    await queue.getByText('it ended 3 times').waitFor()
    await expectAccessible(page)
    await queue.getByRole('button', { name: 'Restart engine' }).click()
    await queue.getByRole('alert').waitFor({ state: 'detached' })
    await page.getByText('Queue: idle').waitFor()
    expect(faults).toEqual([])
  })

  it('says of a job and of a part why they failed, and what to do', async () => {
    const { page } = await openWindowOn(failingEngine())
    await openSample(page)
    await orderGrid(page)
    await page.keyboard.press('Control+j')
    const queue = page.getByRole('dialog', { name: 'Queue' })
    await queue.getByText('The device is gone.').first().waitFor()
    await queue.getByText('Choose another one.').first().waitFor()
    expect(await queue.getByText('[object Object]').count()).toBe(0)
  })

  it('goes on where a grid of 60 runs was cancelled, though its engine is killed', async () => {
    const { engine, kill } = killableEngine()
    const { page, folder, faults } = await openWindowOn(engine)
    await openSample(page)
    const store = await openStoreToRead(join(folder, 'Sample.anchorage'))
    onTestFinished(() => store.close())
    const before = await store.read.runs.count()
    const made = async (): Promise<number> => (await store.read.runs.count()) - before
    await orderGrid(page)
    await page.keyboard.press('Control+j')
    const queue = page.getByRole('dialog', { name: 'Queue' })
    await expect.poll(made, { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(25)
    await queue.getByRole('button', { name: /^Cancel all/ }).click()
    await queue.getByText('cancelled').first().waitFor()
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
