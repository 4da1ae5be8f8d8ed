/** What is removed comes back as it was, bit for bit, with what hung on it; and not where its place is taken. */
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createRemovals } from '#main/api/removals.ts'
import { createStore, type ProjectStore } from '#store/project-store.ts'
import type { NewEvaluation } from '#store/records/evaluations.ts'
import { sampleAnchors, samplePrompt, sampleReport, sampleRun } from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function openStore(): Promise<ProjectStore> {
  const store = await createStore(join(await temporaryFolder(), 'study.anchorage'))
  onTestFinished(() => store.close())
  return store
}

function evaluationOf(promptId: string): NewEvaluation {
  return {
    cellId: null,
    promptId,
    manifest: {
      contestant: { kind: 'prompt', name: 'P19', sha256: 'ab' },
      model: { name: 'bert', fingerprint: { table: 'table of bert', tokenizer: 'tokenizer of bert' } },
      task: { name: 'P19', sha256: 'cd' },
      template: '[X] [MASK] .',
      split: 'test',
      rankWithin: 'candidates',
      limit: null,
      skipped: { labelNotOneToken: 0, labelNotCandidate: 0, tooLong: 0, noEmbedding: 0 },
      candidates: 4,
      device: { asked: 'auto', used: 'cpu' },
      versions: {}
    },
    scores: {
      examples: 1,
      accuracy: 1,
      accuracyInterval: { low: 1, high: 1 },
      precisionAt10: 1,
      meanReciprocalRank: 1,
      meanLoss: 0.25
    },
    predictions: [{ example: '1', input: 'king', label: 'france', rank: 1, loss: 0.25, top: [] }],
    seconds: 1
  }
}

it('puts a prompt back with its vectors, its run and its evaluations', async () => {
  const store = await openStore()
  const removals = createRemovals(store)
  const { id, evaluation } = await store.write(async ({ runs, prompts, evaluations }) => {
    const run = await runs.add(sampleRun('carried'))
    const prompt = await prompts.add({ ...samplePrompt('P19', 4), origin: { kind: 'run', run } })
    return { id: prompt, evaluation: await evaluations.add(evaluationOf(prompt)) }
  })
  const before = await store.read.prompts.get(id)
  const predictions = await store.read.evaluations.predictions(evaluation)
  const taken = await store.write(({ prompts }) => prompts.take(id))
  expect(await store.read.prompts.list()).toEqual([])
  expect(await store.read.evaluations.list()).toEqual([])
  const removalId = removals.note(['prompts', 'evaluations'], taken)
  expect(await removals.undo(removalId)).toEqual(['prompts', 'evaluations'])
  expect(await store.read.prompts.get(id)).toEqual(before)
  expect(await store.read.evaluations.predictions(evaluation)).toEqual(predictions)
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
