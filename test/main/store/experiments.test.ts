/** Experiments come back as they were stored; what is there already stays as it is. */
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createStore, type ProjectStore } from '#store/project-store.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function newStore(): Promise<ProjectStore> {
  const store = await createStore(join(await temporaryFolder(), 'experiment.anchorage'))
  onTestFinished(() => store.close())
  return store
}

it('keeps plans, newest first, and the same plan once', async () => {
  const store = await newStore()
  await store.write(({ experiments }) => experiments.addPlan('a', 'first', { cells: [1, 2] }))
  await store.write(({ experiments }) => experiments.addPlan('b', 'second', { cells: [] }))
  await store.write(({ experiments }) => experiments.addPlan('a', 'first', { cells: [1, 2] }))
  expect((await store.read.experiments.list()).map(({ id, name }) => [id, name])).toEqual([
    ['a', 'first'],
    ['b', 'second']
  ])
  expect(await store.read.experiments.plan('a')).toEqual({ cells: [1, 2] })
  expect(await store.read.experiments.plan('c')).toBeUndefined()
})

it('sums the times of work by model and kind', async () => {
  const store = await newStore()
  const time = (model: string, kind: string, work: number, seconds: number) => ({
    model,
    kind,
    work,
    seconds
  })
  await store.write(async ({ experiments }) => {
    await experiments.addTimes('1', [time('bert', 'tuning', 10, 1)])
    await experiments.addTimes('2', [time('bert', 'tuning', 20, 3)])
    await experiments.addTimes('3', [time('bert', 'evaluation', 5, 2), time('bert', 'exact', 1, 0.5)])
  })
  expect(await store.read.experiments.times()).toEqual([
    time('bert', 'evaluation', 5, 2),
    time('bert', 'exact', 1, 0.5),
    time('bert', 'tuning', 30, 4)
  ])
})
