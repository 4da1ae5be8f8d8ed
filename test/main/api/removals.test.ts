/** What is removed comes back as it was, bit for bit, with what hung on it; and not where its place is taken. */
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createRemovals } from '#main/api/removals.ts'
import { createStore, type ProjectStore } from '#store/project-store.ts'
import {
  evaluatedRun,
  sampleAnchors,
  samplePrompt,
  sampleReport,
  sampleRun
} from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function openStore(): Promise<ProjectStore> {
  const store = await createStore(join(await temporaryFolder(), 'experiment.anchorage'))
  onTestFinished(() => store.close())
  return store
}

it('puts a prompt back with its vectors, and the runs find it again', async () => {
  const store = await openStore()
  const removals = createRemovals(store)
  const { id, run } = await store.write(async ({ runs, prompts }) => {
    const run = await runs.put(evaluatedRun(sampleRun('transferred')))
    const id = await prompts.add({ ...samplePrompt('P19', 4), origin: { kind: 'run', run } })
    await runs.linkPrompt(run, id)
    return { id, run }
  })
  const before = [await store.read.prompts.get(id), await store.read.runs.get(run)]
  const taken = await store.write(({ prompts }) => prompts.take(id))
  expect(await store.read.prompts.list()).toEqual([])
  expect(await store.read.runs.get(run)).toMatchObject({ promptId: null, scores: { accuracy: 1 } })
  const removalId = removals.note(['prompts', 'runs'], taken)
  expect(await removals.undo(removalId)).toEqual(['prompts', 'runs'])
  expect([await store.read.prompts.get(id), await store.read.runs.get(run)]).toEqual(before)
})

it('puts a run back with its predictions, notes and tags', async () => {
  const store = await openStore()
  const removals = createRemovals(store)
  const id = await store.write(async ({ runs, notes }) => {
    const id = await runs.put(evaluatedRun(sampleRun('transferred')))
    await notes.add(id, 'odd')
    await runs.tag(id, 'keep', true)
    return id
  })
  const all = async () => [
    await store.read.runs.overview(),
    await store.read.runs.predictions(id),
    await store.read.notes.list(id)
  ]
  const before = await all()
  const taken = await store.write(({ runs }) => runs.take(id))
  expect(await store.read.runs.count()).toBe(0)
  expect(await store.read.notes.list(id)).toEqual([])
  await removals.undo(removals.note(['runs'], taken))
  expect(await all()).toEqual(before)
})

it('puts models and anchor sets back as they were', async () => {
  const store = await openStore()
  const removals = createRemovals(store)
  const { model, set } = await store.write(async ({ models, anchorSets }) => ({
    model: await models.add({ folder: '/models/bert' }, sampleReport('bert', 4)),
    set: await anchorSets.add(sampleAnchors)
  }))
  const before = [await store.read.models.list(), await store.read.anchorSets.list()]
  const ids = await store.write(async ({ models, anchorSets }) => [
    removals.note(['models'], await models.take(model)),
    removals.note(['anchors'], await anchorSets.take(set))
  ])
  expect([await store.read.models.list(), await store.read.anchorSets.list()]).toEqual([[], []])
  for (const id of ids) await removals.undo(id)
  expect([await store.read.models.list(), await store.read.anchorSets.list()]).toEqual(before)
})

it('says so where the place is taken, and changes nothing', async () => {
  const store = await openStore()
  const removals = createRemovals(store)
  const id = await store.write(({ anchorSets }) => anchorSets.add(sampleAnchors))
  const removalId = removals.note(['anchors'], await store.write(({ anchorSets }) => anchorSets.take(id)))
  const other = { ...sampleAnchors, hash: 'another list' }
  await store.write(({ anchorSets }) => anchorSets.add(other))
  await expect(removals.undo(removalId)).rejects.toMatchObject({ code: 'bad-argument' })
  expect(await store.read.anchorSets.list()).toMatchObject([{ hash: 'another list' }])
})

it('undoes once, and only what it remembers', async () => {
  const store = await openStore()
  const removals = createRemovals(store)
  const id = await store.write(({ anchorSets }) => anchorSets.add(sampleAnchors))
  const removalId = removals.note(['anchors'], await store.write(({ anchorSets }) => anchorSets.take(id)))
  await removals.undo(removalId)
  await expect(removals.undo(removalId)).rejects.toMatchObject({ code: 'not-found' })
  const first = removals.note(['anchors'], [])
  const later = Array.from({ length: 20 }, () => removals.note(['anchors'], []))
  await expect(removals.undo(first)).rejects.toMatchObject({ code: 'not-found' })
  expect(await removals.undo(later[0])).toEqual(['anchors'])
})
