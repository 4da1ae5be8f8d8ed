/** Refinement without labels as a method of an experiment: what it learns from, what its run says, what its id depends on. */
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { runInputs, targetDataOf } from '#engine/common/contract/runs.ts'
import { orderExperiment } from '#main/experiments/execute/order-experiment.ts'
import { readResults } from '#main/experiments/execute/stored-experiment.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { experimentFileSchema } from '#main/experiments/spec/experiment-file.ts'
import { createProject, type Project } from '#main/project/project.ts'
import { hashContent, requireFound } from '#store/records/row.ts'
import { type EngineInProcess, engineInProcess } from '#test/support/engine-in-process.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { wordFacts, wordRelation } from '#test/support/word-tasks.ts'

const control = { signal: new AbortController().signal }

type Workplace = {
  readonly engine: EngineInProcess
  readonly project: Project
  readonly trees: readonly string[]
}

async function workplace(): Promise<Workplace> {
  const engine = engineInProcess()
  const project = await createProject(join(await temporaryFolder(), 'refine.anchorage'), engine)
  onTestFinished(() => project.close())
  const trees = [await temporaryFolder(), await temporaryFolder()]
  for (const [index, width] of [32, 48].entries()) await writePromptTree(trees[index] ?? '', ['P1'], 3, width)
  return { engine, project, trees }
}

/** @param label of every example of the train and dev splits; undefined: the right ones */
async function plan(
  { engine, trees }: Workplace,
  methods: Readonly<Record<string, object>>,
  label?: string
): Promise<ExperimentPlan> {
  const taught = wordFacts().map((fact) => (label === undefined ? fact : { ...fact, obj: label }))
  const { root, commonVocabulary } = await wordRelation({ train: taught, dev: taught, test: wordFacts() })
  const models = { bert: referenceModelFolder('bert'), roberta: referenceModelFolder('roberta') }
  const experiment = experimentFileSchema.parse({
    name: 'refined',
    models: { ...models, gpt2: referenceModelFolder('gpt2') },
    sources: ['bert', 'roberta'],
    targets: ['gpt2'],
    tasks: { words: { kind: 'relations', folder: root, commonVocabulary } },
    prompts: {
      tuned: Object.keys(models).map((model, index) => ({ model, folder: trees[index], length: 3, seed: 1 }))
    },
    settings: { length: 3, mask: { kind: 'all' } },
    device: 'cpu',
    methods,
    sections: [{ name: 'all', methods: Object.keys(methods), sources: [['bert', 'roberta']] }]
  })
  return await planExperiment(experiment, '/', engine, control)
}

async function run({ project }: Workplace, planned: ExperimentPlan): Promise<void> {
  const { jobId } = await orderExperiment(project, planned)
  const { state, error } = await project.queue.whenEnded(requireFound(jobId ?? undefined, 'job', ''))
  expect([state, error]).toEqual(['finished', null])
}

/** The run of a method with the prompt that it found. */
async function found({ project: { store } }: Workplace, { sections }: ExperimentPlan, method: string) {
  const cell = requireFound(
    sections[0]?.cells.find((one) => one.method === method),
    'cell',
    method
  )
  const stored = requireFound(await store.read.runs.byInputs(cell.id), 'run', cell.id)
  const { prompt } = requireFound(await store.read.prompts.get(stored.promptId ?? ''), 'prompt', method)
  return { id: cell.id, run: stored, vectors: prompt.vectors satisfies Matrix, template: prompt.template }
}

const epochs = 4

it('learns the same prompt from wrong labels, and the run says what it cost', async () => {
  const place = await workplace()
  const methods = { refined: { kind: 'refine', inputs: 8, epochs } }
  const [right, wrong] = [await plan(place, methods), await plan(place, methods, 'japan')]
  await run(place, right)
  await run(place, wrong)
  const one = await found(place, right, 'refined')
  const other = await found(place, wrong, 'refined')
  expect(other.vectors).toEqual(one.vectors)
  expect(other.run.scores).toEqual(one.run.scores)
  const { manifest, notes, curve, loss } = one.run
  expect(manifest.refinement).toMatchObject({
    task: { name: 'P1' },
    teaching: { inputs: 8, trained: 6, heldOut: 2 },
    steps: epochs
  })
  expect(notes[0]).toBe(`no labels; 8 unlabelled inputs; ${epochs} steps on the target.`)
  expect([manifest.selection, targetDataOf(manifest)]).toEqual(['agreement', 'inputs'])
  expect(loss).toHaveLength(epochs)
  // The agreement with the sources on the held-out inputs, before the first step and after each epoch.
  expect(curve.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4])
  // What is stored has the id that was planned: nothing is computed again.
  expect(hashContent(runInputs(manifest))).toBe(one.id)
  expect((await orderExperiment(place.project, right)).jobId).toBeNull()
})

it('is what the engine refines from the transferred prompt with the sources’ own prompts', async () => {
  const place = await workplace()
  const planned = await plan(place, {
    refined: { kind: 'refine', inputs: null, epochs, targets: 'soft', ridge: 0.1 }
  })
  await run(place, planned)
  const group = planned.groups.find(({ kind }) => kind === 'measuring')
  if (group?.kind !== 'measuring' || group.task === null) throw new Error('nothing is measured')
  const { engine, trees } = place
  const sources = []
  for (const [index, family] of ['bert', 'roberta'].entries()) {
    const path = join(trees[index] ?? '', 'P1')
    const { vectors } = await engine.call('prompts.read', { path, vectors: 3 })
    sources.push({ model: { folder: referenceModelFolder(family) }, prompt: vectors, weight: 1 })
  }
  const target = { folder: referenceModelFolder('gpt2') }
  const start = await engine.call('transfer.run', {
    sources,
    target,
    anchors: planned.anchors.anchors,
    mask: { kind: 'all' },
    search: { kind: 'exact', ridge: 0.1 },
    rescale: 'after',
    device: 'cpu'
  })
  const refined = await engine.call('tuning.refine', {
    teachers: sources.map(({ model, prompt, weight }) => ({
      model,
      weight,
      condition: { kind: 'prompt', name: 'own', vectors: prompt }
    })),
    model: target,
    task: group.task.source,
    start: { kind: 'prompt', vectors: start.prompt },
    inputs: null,
    targets: 'soft',
    settings: { epochs },
    seed: 1,
    device: 'cpu'
  })
  const { vectors, run: stored } = await found(place, planned, 'refined')
  expect(vectors).toEqual(refined.prompt)
  expect(stored.loss).toEqual(refined.loss)
})

it('starts elsewhere, and is taught by the manual template, where its method says so', async () => {
  const place = await workplace()
  const few = { inputs: 4, epochs: 2 }
  const planned = await plan(place, {
    random: { kind: 'refine', start: 'random', ...few },
    words: { kind: 'refine', start: 'manual', ...few },
    taught: { kind: 'refine', start: 'random', teacher: 'manual', ...few }
  })
  await run(place, planned)
  const random = await found(place, planned, 'random')
  const words = await found(place, planned, 'words')
  const taught = await found(place, planned, 'taught')
  // No transfer, so neither anchors nor mask count; too few inputs to hold some out.
  expect(random.run.manifest).toMatchObject({ anchors: null, mask: null, rescale: null, selection: 'last' })
  // "is in": a vector for each token of the words before the mask, of a model that sees nothing behind it.
  expect([words.run.manifest.length, words.vectors.rows]).toEqual([2, 2])
  expect(words.template).toContain('[V2]')
  expect(taught.vectors).not.toEqual(random.vectors)
  for (const { run: stored, id } of [random, words, taught])
    expect(hashContent(runInputs(stored.manifest))).toBe(id)
})

it('depends on the weights of its sources, which answer, and is told apart in results', async () => {
  const place = await workplace()
  const planned = await plan(place, {
    exact: { kind: 'exact' },
    refined: { kind: 'refine', inputs: 8, epochs }
  })
  await run(place, planned)
  const inputsOf = async (method: string) => runInputs((await found(place, planned, method)).run.manifest)
  const [exact, refined] = [await inputsOf('exact'), await inputsOf('refined')]
  for (const { model } of exact.sources) expect(model.weights).toBeUndefined()
  for (const { model } of refined.sources) expect(model.weights).toMatch(/^[0-9a-f]{64}$/)
  expect(refined.refinedOn).toMatch(/^[0-9a-f]{64}$/)
  const { results } = await readResults(place.project.store, planned)
  expect([...results.values()].map(({ manifest }) => targetDataOf(manifest)).toSorted()).toEqual([
    'inputs',
    'none'
  ])
})
