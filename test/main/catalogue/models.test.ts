/** Models of one table and other weights, with the real engine on copies of the sample's models. */
import { cp, readFile, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type EngineArguments, engineMethods } from '#engine/common/contract/engine-methods.ts'
import { decodeModel } from '#engine/onnx/model-proto.ts'
import type { Hashing } from '#main/catalogue/background-weights.ts'
import { registerModel, relocateModel, requireModel, requireWholeModel } from '#main/catalogue/models.ts'
import { registerTask } from '#main/catalogue/tasks.ts'
import { orderExperiment } from '#main/experiments/execute/order-experiment.ts'
import { readResults } from '#main/experiments/execute/stored-experiment.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { planEvaluation } from '#main/experiments/plan/plan-references.ts'
import { jobOf } from '#main/experiments/plan/registered-inputs.ts'
import { createProject, openProject, type Project } from '#main/project/project.ts'
import { requireFound } from '#store/records/row.ts'
import { type EngineInProcess, engineInProcess } from '#test/support/engine-in-process.ts'
import { writeWithExternalData } from '#test/support/external-data.ts'
import { copyWithOtherWeights } from '#test/support/other-weights.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { sampleFolder, smallExperimentFile } from '#test/support/small-experiment.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const control = { signal: new AbortController().signal }
const capital = {
  kind: 'relation' as const,
  folder: `${sampleFolder}/tasks/relations/capital`,
  commonVocabulary: `${sampleFolder}/tasks/common_vocabulary.txt`
}

type Workplace = { engine: EngineInProcess; project: Project; model: string; other: string }

/** A project, a model, and a copy of it with other weights outside the table. */
async function workplace(from = referenceModelFolder('bert')): Promise<Workplace> {
  const folder = await temporaryFolder()
  const [model, other] = [join(folder, 'model'), join(folder, 'other')]
  await cp(from, model, { recursive: true })
  await copyWithOtherWeights(model, other)
  const engine = engineInProcess()
  const project = await createProject(join(folder, 'experiment.anchorage'), engine)
  onTestFinished(() => project.close())
  return { engine, project, model, other }
}

/** The engine with its arguments noted. */
function noting(engine: EngineInProcess): {
  engine: EngineInProcess
  asked: EngineArguments<'models.weights'>[]
} {
  const asked: EngineArguments<'models.weights'>[] = []
  return {
    asked,
    engine: {
      ...engine,
      call: (method, args, options) => {
        if (method === 'models.weights') asked.push(engineMethods['models.weights'].arguments.parse(args))
        return engine.call(method, args, options)
      }
    }
  }
}

describe('two models of one table and other weights', () => {
  it('are two models, each with its own id and path, wherever they are moved', async () => {
    const { project, model, other } = await workplace()
    const first = await registerModel(project, { folder: model })
    const second = await registerModel(project, { folder: other })
    expect(second.report.fingerprint).toEqual(first.report.fingerprint)
    expect(second.id).not.toBe(first.id)
    const places = async () =>
      (await project.store.read.models.list()).map(({ id, reference }) => [id, reference.folder]).toSorted()
    expect(await places()).toEqual(
      [
        [first.id, model],
        [second.id, other]
      ].toSorted()
    )
    await rename(other, `${other}-moved`)
    await rename(model, `${model}-moved`)
    expect((await registerModel(project, { folder: `${other}-moved` })).id).toBe(second.id)
    expect((await registerModel(project, { folder: `${model}-moved` })).id).toBe(first.id)
    expect(await places()).toEqual(
      [
        [first.id, `${model}-moved`],
        [second.id, `${other}-moved`]
      ].toSorted()
    )
    await expect(relocateModel(project, first.id, { folder: `${other}-moved` })).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining('other weights')
    })
  })

  it('are two models too where the first was moved before its weights were hashed', async () => {
    const { project, model, other } = await workplace()
    const first = await registerModel(project, { folder: model })
    expect(first.weights).toBeNull()
    await rename(model, `${model}-moved`)
    expect((await registerModel(project, { folder: `${model}-moved` })).id).toBe(first.id)
    expect((await registerModel(project, { folder: other })).id).not.toBe(first.id)
  })

  it('are evaluated each for itself', { timeout: 120_000 }, async () => {
    const { engine, project, model, other } = await workplace(`${sampleFolder}/models/bert-small`)
    const task = await registerTask(project, capital)
    const scores = []
    for (const folder of [model, other]) {
      const { id } = await registerModel(project, { folder })
      const model = requireFound(await project.store.read.models.get(id), 'model', id)
      const settings = { device: 'cpu', split: 'test', rankWithin: 'candidates', limit: null } as const
      const cells = [{ task, conditions: [{ kind: 'manual' as const }] }]
      const jobId = await project.queue.add(jobOf(planEvaluation({ model, cells, ...settings })))
      expect((await project.queue.whenEnded(jobId)).error).toBeNull()
      const [run] = await project.store.read.runs.byJob(jobId)
      expect(run?.weightsUnverified).toBe(false)
      const direct = await engine.call('evaluation.run', {
        model: { folder },
        task: capital,
        conditions: [{ kind: 'manual', name: 'manual', template: null }],
        device: 'cpu'
      })
      const stored = await project.store.read.runs.get(run?.id ?? '')
      expect(stored?.scores).toEqual(direct.conditions[0]?.scores)
      scores.push(stored?.scores)
    }
    expect(await project.store.read.runs.count()).toBe(2)
    expect(scores[0]).not.toEqual(scores[1])
  })
})

describe('an experiment', () => {
  const manual: [string, string][] = [
    ['  - name: sets\n    methods: [exact]\n    sources: subsets\n', ''],
    ['  - name: others\n    methods: [least-squares, search]\n    sources: [bert-small]\n', ''],
    ['methods: [random, manual, direct-tuning]', 'methods: [manual, direct-tuning]'],
    ['only: [capital, currency]', 'only: [capital]']
  ]
  const onTarget = (folder: string) =>
    planExperiment(
      smallExperimentFile(...manual, [
        `bert-large: ${sampleFolder}/models/bert-large`,
        `bert-large: ${folder}`
      ]),
      '/',
      engineInProcess(),
      control
    )

  it('is not done with the numbers of a model of other weights', { timeout: 240_000 }, async () => {
    const { engine, project, model, other } = await workplace(`${sampleFolder}/models/bert-large`)
    const accuracies = []
    for (const folder of [model, other]) {
      const plan = await onTarget(folder)
      const { jobId } = await orderExperiment(project, plan)
      expect(jobId).not.toBeNull()
      expect((await project.queue.whenEnded(jobId ?? '')).error).toBeNull()
      const { results } = await readResults(project.store, plan)
      expect(results.size).toBe(2)
      const found = [...results.values()].find(({ manifest }) => manifest.method.kind === 'manual')
      const direct = await engine.call('evaluation.run', {
        model: { folder },
        task: capital,
        conditions: [{ kind: 'manual', name: 'manual', template: null }],
        device: 'cpu'
      })
      expect(found?.scores?.accuracy).toBe(direct.conditions[0]?.scores.accuracy)
      accuracies.push(found?.scores?.meanLoss)
      // The same again, and nothing is left to do.
      expect((await orderExperiment(project, await onTarget(folder))).jobId).toBeNull()
    }
    expect(accuracies[0]).not.toBe(accuracies[1])
    expect((await project.store.read.prompts.recipes()).size).toBe(2)
  })

  it('is done on a model that was moved', { timeout: 120_000 }, async () => {
    const { project, model } = await workplace(`${sampleFolder}/models/bert-large`)
    const { jobId } = await orderExperiment(project, await onTarget(model))
    expect((await project.queue.whenEnded(jobId ?? '')).error).toBeNull()
    await rename(model, `${model}-moved`)
    expect((await orderExperiment(project, await onTarget(`${model}-moved`))).jobId).toBeNull()
  })

  it('stops at weights that are not those it was planned with', { timeout: 120_000 }, async () => {
    const { project, model, other } = await workplace(`${sampleFolder}/models/bert-large`)
    const plan = await onTarget(model)
    await rm(model, { recursive: true })
    await rename(other, model)
    const { jobId } = await orderExperiment(project, plan)
    expect((await project.queue.whenEnded(jobId ?? '')).error).toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining('The weights of bert-large')
    })
  })
})

describe('the weights of a registered model', () => {
  it('are hashed when it is first run, and are not what a transfer depends on', async () => {
    const { project, model, other } = await workplace()
    const { id } = await registerModel(project, { folder: model })
    expect((await requireModel(project, id)).weights).toBeNull()
    const { weights } = await requireWholeModel(project, id, {})
    expect(weights).toMatch(/^[0-9a-f]{64}$/)
    await cp(join(other, 'onnx'), join(model, 'onnx'), { recursive: true })
    expect((await requireModel(project, id)).id).toBe(id)
    await expect(requireWholeModel(project, id, {})).rejects.toMatchObject({
      code: 'mismatch',
      detail: { next: expect.stringContaining('it is another model') }
    })
  })

  it('are kept by file with the project, and given to the engine that is asked next', async () => {
    const folder = await temporaryFolder()
    const model = join(folder, 'model')
    await cp(referenceModelFolder('bert'), model, { recursive: true })
    const engine = engineInProcess()
    const project = await createProject(join(folder, 'experiment.anchorage'), engine)
    const { id } = await registerModel(project, { folder: model })
    await requireWholeModel(project, id, {})
    const kept = await project.store.read.fileHashes.list()
    await project.close()
    expect(kept.map(({ path }) => path)).toEqual([join(model, 'onnx', 'model.onnx')])
    const { engine: noted, asked } = noting(engine)
    const again = await openProject(project.store.path, noted)
    onTestFinished(() => again.close())
    await requireWholeModel(again, id, {})
    expect(asked).toEqual([{ model: { folder: model }, known: kept }])
  })

  it('are hashed in the background where that is started, and told of', async () => {
    const { project, model } = await workplace()
    const { id } = await registerModel(project, { folder: model })
    const heard = await hearUntilEnd(project)
    expect((await project.store.read.models.get(id))?.weights).toMatch(/^[0-9a-f]{64}$/)
    expect(heard[0]).toMatchObject({ modelId: id })
  })

  it('are not hashed further in the background when it is stopped, until it is asked for again', async () => {
    const { project, model } = await workplace()
    // Of 64 MB, which takes some dozen pieces.
    const graph = join(model, 'onnx', 'model.onnx')
    const proto = decodeModel(await readFile(graph), graph)
    await writeWithExternalData(proto, join(model, 'onnx'), 'model.onnx_data')
    await truncate(join(model, 'onnx', 'model.onnx_data'), 64 * 2 ** 20)
    const { id } = await registerModel(project, { folder: model })
    const heard = await hearUntilEnd(project, () => project.weights.stop())
    expect(heard.length).toBeGreaterThan(0)
    expect((await project.store.read.models.get(id))?.weights).toBeNull()
    await hearUntilEnd(project, () => {}, id)
    expect((await project.store.read.models.get(id))?.weights).toMatch(/^[0-9a-f]{64}$/)
  })
})

/** Starts hashing in the background and waits for its end; how far it was each time that it was told. */
async function hearUntilEnd({ weights }: Project, onStep = () => {}, modelId?: string): Promise<Hashing[]> {
  const heard: Hashing[] = []
  await new Promise<void>((resolve) => {
    const unhear = weights.onChange(() => {
      const now = weights.hashing()
      if (now === null) {
        unhear()
        resolve()
      } else {
        heard.push(now)
        onStep()
      }
    })
    weights.start(modelId)
  })
  return heard
}
