/** Which run an evaluation belongs to, where models have one table and other weights. */
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runOfPrompt } from '#main/experiments/execute/keep-outcome.ts'
import { storeRun } from '#main/experiments/execute/store-run.ts'
import { createStore, type ProjectStore } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import type { NewRun } from '#store/records/runs.ts'
import { evaluatedRun as sampleEvaluated, samplePrompt, sampleRun } from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function openStore(): Promise<ProjectStore> {
  const store = await createStore(join(await temporaryFolder(), 'p.anchorage'))
  onTestFinished(() => store.close())
  return store
}

const found = sampleRun('found')
const { task, template, evaluation } = sampleEvaluated(found).manifest
const { scores, predictions, evaluationSeconds } = sampleEvaluated(found)

/** The model of the sample run with weights. */
const target = (weights: string) => ({
  name: `albert ${weights}`,
  fingerprint: { ...found.manifest.target.fingerprint, weights }
})

/** Stores a run with its prompt, and evaluates that on a model of these weights; the id of the run. */
async function evaluate(store: ProjectStore, promptId: string, weights: string): Promise<string> {
  const stored = requireFound(await store.read.prompts.get(promptId), 'prompt', promptId)
  const { device, versions } = found.manifest
  const asItIs: NewRun = {
    ...found,
    report: null,
    manifest: {
      ...found.manifest,
      method: { kind: 'prompt' },
      sources: [],
      target: target(weights),
      prompt: { name: stored.prompt.name, sha256: stored.sha256, recipe: null },
      anchors: null,
      mask: null,
      rescale: null,
      selection: 'none',
      task,
      template,
      evaluation,
      device,
      versions
    },
    ...{ scores, predictions, evaluationSeconds }
  }
  return await store.write(async (writer) => writer.runs.put(await runOfPrompt(writer, asItIs, stored)))
}

async function storeFound(store: ProjectStore, run: NewRun): Promise<{ id: string; promptId: string }> {
  const { vectors } = samplePrompt('found', 6)
  const id = await store.write((writer) => storeRun(writer, run, { vectors, position: 'template' }))
  return { id, promptId: requireFound((await store.read.runs.get(id))?.promptId ?? undefined, 'prompt', id) }
}

it('is the transfer that found the prompt, once for each weights of the target', async () => {
  const store = await openStore()
  const { id, promptId } = await storeFound(store, found)
  const a = await evaluate(store, promptId, 'a')
  const b = await evaluate(store, promptId, 'b')
  expect(a).toBe(id)
  expect(b).not.toBe(id)
  for (const [run, weights] of [
    [a, 'a'],
    [b, 'b']
  ] as const) {
    const { manifest, report, scores: kept } = requireFound(await store.read.runs.get(run), 'run', run)
    expect(manifest.target).toEqual(target(weights))
    expect([report, kept]).toEqual([found.report, scores])
  }
  // Again on the first: the same run, and no third one.
  expect(await evaluate(store, promptId, 'a')).toBe(a)
  expect(await store.read.runs.count()).toBe(2)
})

it('is not the tuning where the prompt was tuned on other weights', async () => {
  const store = await openStore()
  const tuned: NewRun = {
    ...found,
    report: null,
    loss: new Float64Array(2),
    manifest: {
      ...found.manifest,
      method: { kind: 'direct-tuning' },
      sources: [],
      target: target('a'),
      prompt: { name: 'P19', sha256: 'ab', recipe: 'how' },
      tuning: {
        task: { name: 'P19', sha256: 'cd' },
        start: { kind: 'random', vectors: 2 },
        template: '[X] [V1] [V2] [MASK] .',
        settings: {
          learningRate: 1,
          batchSize: 1,
          epochs: 1,
          warmup: 0,
          validationsPerEpoch: 1,
          weightDecay: 0,
          epsilon: 1e-6,
          biasCorrection: false,
          shuffle: false,
          patience: null,
          lossOver: 'vocabulary'
        },
        seed: 0,
        ended: null,
        examples: null
      }
    }
  }
  const { id, promptId } = await storeFound(store, tuned)
  const other = await evaluate(store, promptId, 'b')
  expect(other).not.toBe(id)
  expect((await store.read.runs.get(other))?.manifest).toMatchObject({
    method: { kind: 'prompt' },
    target: target('b')
  })
  expect((await store.read.runs.get(id))?.scores).toBeNull()
  expect(await evaluate(store, promptId, 'a')).toBe(id)
})
