/** An experiment in a project: its results are those of the engine asked directly, and what can be shared is computed once. */
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EvaluatedCondition } from '#engine/common/contract/evaluation.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { orderExperiment } from '#main/experiments/execute/order-experiment.ts'
import type { EvaluatedRun, ExperimentResults } from '#main/experiments/execute/results.ts'
import { readResults } from '#main/experiments/execute/stored-experiment.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { createProject, openProject, type Project } from '#main/project/project.ts'
import { type EngineInProcess, engineInProcess } from '#test/support/engine-in-process.ts'
import { sampleFolder, smallExperimentFile } from '#test/support/small-experiment.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const control = { signal: new AbortController().signal }
const model = (name: string) => ({ folder: `${sampleFolder}/models/${name}` })
const task = (relation: string) => ({
  kind: 'relation' as const,
  folder: `${sampleFolder}/tasks/relations/${relation}`,
  commonVocabulary: `${sampleFolder}/tasks/common_vocabulary.txt`
})

type Workplace = { engine: EngineInProcess; project: Project; plan: ExperimentPlan }

async function workplace(...changes: [string, string][]): Promise<Workplace> {
  const engine = engineInProcess()
  const project = await createProject(join(await temporaryFolder(), 'experiment.anchorage'), engine)
  onTestFinished(() => project.close())
  return {
    engine,
    project,
    plan: await planExperiment(smallExperimentFile(...changes), '/', engine, control)
  }
}

/** Runs the plan to its end; the state of its job, or null where there was nothing to do. */
async function run(project: Project, plan: ExperimentPlan): Promise<string | null> {
  const { jobId } = await orderExperiment(project, plan)
  if (jobId === null) return null
  const { state, error } = await project.queue.whenEnded(jobId)
  expect(error).toBeNull()
  return state
}

function count(called: readonly string[], method: string): number {
  return called.filter((one) => one === method).length
}

function find(
  { sections, results }: ExperimentResults,
  method: string,
  sources: readonly string[],
  relation: string
): EvaluatedRun {
  const cell = sections
    .flatMap(({ cells }) => cells)
    .find(
      (one) =>
        one.method === method &&
        one.task.name === relation &&
        one.sources.map((source) => source.model).join() === sources.join()
    )
  const result = results.get(cell?.id ?? '')
  if (result === undefined) throw new Error(`no result of ${method} for ${relation}`)
  return result
}

async function ask(engine: EngineInProcess, relation: string, condition: EvaluatedCondition) {
  const answered = await engine.call('evaluation.run', {
    model: model('bert-large'),
    task: task(relation),
    conditions: [condition],
    device: 'cpu'
  })
  return answered.conditions[0]
}

const asPrompt = (vectors: Matrix): EvaluatedCondition => ({
  kind: 'prompt',
  name: 'x',
  vectors,
  template: null
})

// Whole experiments are computed.
describe('an experiment', { timeout: 180_000 }, () => {
  it('has the numbers that the engine gives when it is asked directly', async () => {
    const { engine, project, plan } = await workplace()
    expect(await run(project, plan)).toBe('finished')
    const experiment = await readResults(project.store, plan)
    const anchors = plan.anchors.anchors.slice(0, 512)
    const read = (name: string) =>
      engine.call('prompts.read', { path: `${sampleFolder}/prompts/${name}/capital`, vectors: 5 })
    const [bert, roberta] = [(await read('bert-small')).vectors, (await read('roberta-small')).vectors]
    const transferred = await engine.call('transfer.run', {
      sources: [
        { model: model('bert-small'), prompt: bert, weight: 1 },
        { model: model('roberta-small'), prompt: roberta, weight: 1 }
      ],
      target: model('bert-large'),
      anchors,
      mask: { kind: 'all' },
      search: { kind: 'exact', ridge: 0.01 },
      rescale: 'after',
      device: 'cpu'
    })
    const exact = find(experiment, 'exact', ['bert-small', 'roberta-small'], 'capital')
    // Mixed in float32 where the transfer sums in float64.
    expect(exact.matching).toBeCloseTo(transferred.report.meanMatching / 2, 5)
    const direct = await ask(engine, 'capital', asPrompt(transferred.prompt))
    expect(exact.scores?.accuracy).toBe(direct?.scores.accuracy)
    expect(exact.examples).toEqual(direct?.predictions.map(({ example }) => example))
    expect([...exact.ranks]).toEqual(direct?.predictions.map(({ rank }) => rank))
    const fitted = await engine.call('baselines.run', {
      method: { kind: 'least-squares' },
      sources: [{ model: model('bert-small'), prompts: [bert], weight: 1 }],
      target: model('bert-large'),
      anchors,
      rescale: 'none',
      device: 'cpu'
    })
    const [prompt] = fitted.prompts
    if (prompt === undefined) throw new Error('nothing was transferred')
    expect(find(experiment, 'least-squares', ['bert-small'], 'capital').scores).toEqual(
      (await ask(engine, 'capital', asPrompt(prompt)))?.scores
    )
    expect(find(experiment, 'manual', [], 'currency').scores).toEqual(
      (await ask(engine, 'currency', { kind: 'manual', name: 'x', template: null }))?.scores
    )
    expect(find(experiment, 'random', [], 'currency').scores).toEqual(
      (await ask(engine, 'currency', { kind: 'random', name: 'x', vectors: 5, seed: 1, template: null }))
        ?.scores
    )
  })

  it('chooses a step by validation, and keeps accuracy and matching along the search', async () => {
    const { project, plan } = await workplace()
    await run(project, plan)
    const search = find(await readResults(project.store, plan), 'search', ['bert-small'], 'capital')
    expect(search.manifest.selection).toBe('validation')
    expect(search.curve.map(({ step }) => step)).toEqual([20, 40, 60])
    const best = Math.max(...search.curve.map(({ accuracy }) => accuracy))
    const chosen = search.curve.find(({ step }) => step === search.chosenStep)
    expect(chosen?.accuracy).toBe(best)
    expect(search.matching).toBe(chosen?.matching)
    const matchings = search.curve.map(({ matching }) => matching ?? 0)
    expect(matchings).toEqual([...matchings].sort((a, b) => a - b))
  })

  it('computes once what cells share', async () => {
    const { engine, project, plan } = await workplace()
    engine.called.length = 0
    await run(project, plan)
    // Of each of two relations: one prompt tuned, one basis for three sets of sources, one map, one search, and all
    // eight cells asked in one pass, after one over the steps of the search.
    expect(count(engine.called, 'tuning.run')).toBe(2)
    expect(count(engine.called, 'transfer.mixingBasis')).toBe(2)
    expect(count(engine.called, 'baselines.run')).toBe(2)
    expect(count(engine.called, 'transfer.run')).toBe(2)
    expect(count(engine.called, 'evaluation.run')).toBe(4)
  })

  it('says of the sets with the target among their sources alone that it is', async () => {
    const { project, plan } = await workplace(
      ['targets: [bert-large]', 'targets: [roberta-small]'],
      ['only: [capital, currency]', 'only: [capital]'],
      ['[random, manual, direct-tuning]', '[random]'],
      ['[least-squares, search]', '[least-squares]']
    )
    expect(await run(project, plan)).toBe('finished')
    const experiment = await readResults(project.store, plan)
    const noted = (...sources: string[]) =>
      find(experiment, 'exact', sources, 'capital').notes.filter((note) => note.includes('self-transfer'))
    expect(noted('bert-small')).toEqual([])
    expect(noted('roberta-small')).toEqual([
      'Source 1, roberta-small, is the target itself: a self-transfer.'
    ])
    expect(noted('bert-small', 'roberta-small')).toEqual([
      'Source 2, roberta-small, is the target itself: a self-transfer.'
    ])
  })

  it('solves every set of sources by itself where a mask comes from the set', async () => {
    const mask: [string, string] = [
      'settings: { anchors: 512 }',
      'settings: { anchors: 512, mask: { kind: top-k, k: 100 } }'
    ]
    const { engine, project, plan } = await workplace(mask)
    engine.called.length = 0
    await run(project, plan)
    // Each with the report of a search of its own, beside the one search by Adam of either relation.
    expect(count(engine.called, 'transfer.mixingBasis')).toBe(0)
    expect(count(engine.called, 'transfer.run')).toBe(2 * (3 + 1))
    const prompt = async (name: string) =>
      (await engine.call('prompts.read', { path: `${sampleFolder}/prompts/${name}/currency`, vectors: 5 }))
        .vectors
    const transferred = await engine.call('transfer.run', {
      sources: [
        { model: model('bert-small'), prompt: await prompt('bert-small'), weight: 1 },
        { model: model('roberta-small'), prompt: await prompt('roberta-small'), weight: 1 }
      ],
      target: model('bert-large'),
      anchors: plan.anchors.anchors.slice(0, 512),
      mask: { kind: 'top-k', k: 100, from: 'sum' },
      search: { kind: 'exact', ridge: 0.01 },
      rescale: 'after',
      device: 'cpu'
    })
    const both = find(
      await readResults(project.store, plan),
      'exact',
      ['bert-small', 'roberta-small'],
      'currency'
    )
    expect(both.matching).toBe(transferred.report.meanMatching / 2)
    const direct = await ask(engine, 'currency', asPrompt(transferred.prompt))
    expect(both.scores).toEqual(direct?.scores)
  })

  it('run again, does nothing; changed, only what is new', async () => {
    const { engine, project, plan } = await workplace()
    await run(project, plan)
    engine.called.length = 0
    expect(await run(project, plan)).toBeNull()
    const added: [string, string] = [
      'manual: { kind: manual }',
      'manual: { kind: manual }\n  ridge: { kind: exact, ridge: 1 }'
    ]
    const more = smallExperimentFile(added, ['methods: [exact]', 'methods: [exact, ridge]'])
    const changed = await planExperiment(more, '/', engine, control)
    engine.called.length = 0
    expect(await run(project, changed)).toBe('finished')
    expect(engine.called.filter((method) => /run|carry|mixing/.test(method))).toEqual([
      ...['transfer.mixingBasis', 'evaluation.run'],
      ...['transfer.mixingBasis', 'evaluation.run']
    ])
    const { sections, results } = await readResults(project.store, changed)
    for (const { cells } of sections) for (const { id } of cells) expect(results.has(id)).toBe(true)
  })

  it('cancelled, keeps what is finished; opened again, goes on', async () => {
    const { engine, project, plan } = await workplace()
    const { jobId } = await orderExperiment(project, plan)
    const secondGroup = new Promise<void>((resolve) => {
      project.queue.onEvent((event) => {
        if (event.kind === 'cell' && event.state === 'finished') resolve()
      })
    })
    await secondGroup
    await project.queue.cancel(jobId ?? '')
    expect((await project.queue.whenEnded(jobId ?? '')).state).toBe('cancelled')
    const kept = (await project.store.read.prompts.recipes()).size
    expect(kept).toBeGreaterThan(0)
    engine.called.length = 0
    expect(await run(project, plan)).toBe('finished')
    expect(count(engine.called, 'tuning.run')).toBe(2 - kept)
  })

  it('goes on after the project was closed in the middle, and ends with the same numbers', async () => {
    const { engine, project: whole, plan } = await workplace()
    await run(whole, plan)
    const path = join(await temporaryFolder(), 'closed.anchorage')
    const first = await createProject(path, engine)
    const { jobId } = await orderExperiment(first, plan)
    await new Promise<void>((resolve) => {
      first.queue.onEvent((event) => {
        if (event.kind === 'cell' && event.state === 'finished') resolve()
      })
    })
    await first.close()
    const again = await openProject(path, engine)
    onTestFinished(() => again.close())
    expect((await again.queue.whenEnded(jobId ?? '')).state).toBe('finished')
    const accuracies = async (project: Project) =>
      [...(await readResults(project.store, plan)).results].map(([id, { scores }]) => [id, scores?.accuracy])
    expect(await accuracies(again)).toEqual(await accuracies(whole))
  })

  it('refuses inputs that are not what it was planned with', async () => {
    const folder = join(await temporaryFolder(), 'relations')
    await cp(join(sampleFolder, 'tasks/relations/capital'), join(folder, 'capital'), { recursive: true })
    const { project, plan } = await workplace(
      [`${sampleFolder}/tasks/relations`, folder],
      ['[capital, currency]', '[capital]'],
      ['methods: [random, manual, direct-tuning]', 'methods: [random]']
    )
    await writeFile(join(folder, 'capital/test.jsonl'), '{"sub_label":"Norway","obj_label":"Oslo"}\n')
    const { jobId } = await orderExperiment(project, plan)
    expect(await project.queue.whenEnded(jobId ?? '')).toMatchObject({
      state: 'failed',
      error: { code: 'mismatch', message: 'The task capital is not what the experiment was planned with.' }
    })
  })
})
