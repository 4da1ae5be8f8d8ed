/** Studies come back as they were stored; what is there already stays as it is. */
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createStore, type ProjectStore } from '#store/project-store.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function newStore(): Promise<ProjectStore> {
  const store = await createStore(join(await temporaryFolder(), 'study.anchorage'))
  onTestFinished(() => store.close())
  return store
}

it('keeps plans, newest first, and the same plan once', async () => {
  const store = await newStore()
  await store.write(({ studies }) => studies.addPlan('a', 'first', { cells: [1, 2] }))
  await store.write(({ studies }) => studies.addPlan('b', 'second', { cells: [] }))
  await store.write(({ studies }) => studies.addPlan('a', 'first', { cells: [1, 2] }))
  expect((await store.read.studies.list()).map(({ id, name }) => [id, name])).toEqual([
    ['a', 'first'],
    ['b', 'second']
  ])
  expect(await store.read.studies.plan('a')).toEqual({ cells: [1, 2] })
  expect(await store.read.studies.plan('c')).toBeUndefined()
})

it('keeps the first result of a cell', async () => {
  const store = await newStore()
  await store.write(({ studies }) => studies.addResult('cell', { accuracy: 0.25 }))
  await store.write(({ studies }) => studies.addResult('cell', { accuracy: 0.5 }))
  expect(await store.read.studies.result('cell')).toEqual({ accuracy: 0.25 })
  expect(await store.read.studies.result('other')).toBeUndefined()
  expect(await store.read.studies.resultIds()).toEqual(new Set(['cell']))
})

it('keeps tuned prompts bit for bit', async () => {
  const store = await newStore()
  const data = Float32Array.from({ length: 6 }, (_, index) => Math.fround(1 / (index + 3)))
  const vectors = { rows: 2, columns: 3, data }
  await store.write(({ studies }) => studies.addPrompt({ id: 'p', vectors, tuning: { chosenStep: 7 } }))
  expect(await store.read.studies.prompt('p')).toEqual({ id: 'p', vectors, tuning: { chosenStep: 7 } })
  expect(await store.read.studies.promptIds()).toEqual(new Set(['p']))
})

it('sums the times of groups by model and kind', async () => {
  const store = await newStore()
  const time = (model: string, kind: string, work: number, seconds: number) => ({
    model,
    kind,
    work,
    seconds
  })
  await store.write(async ({ studies }) => {
    await studies.addTime('1', time('bert', 'tuning', 10, 1))
    await studies.addTime('2', time('bert', 'tuning', 20, 3))
    await studies.addTime('3', time('bert', 'measuring', 5, 2))
  })
  expect(await store.read.studies.times()).toEqual([
    time('bert', 'measuring', 5, 2),
    time('bert', 'tuning', 30, 4)
  ])
})
