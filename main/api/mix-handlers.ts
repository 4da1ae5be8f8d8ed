/** What the mixing screen asks: each source solved once, what a mixture is like, and transfers to queue. */
import type { CheckedArgumentsOf } from '#engine/common/rpc/method-map.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { requireModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import { conditionRetrieval } from '#main/experiments/execute/condition-retrieval.ts'
import { createEstimator } from '#main/experiments/execute/estimate-grid.ts'
import { largestBytes } from '#main/experiments/execute/group-memory.ts'
import { planRefinement } from '#main/experiments/plan/plan-refinement.ts'
import { jobOf } from '#main/experiments/plan/registered-inputs.ts'
import { layGrid } from '#main/experiments/plan/transfer-grid.ts'
import { suggestSources } from '#main/experiments/suggest-sources.ts'
import { commonValue } from '#main/project/common-value.ts'
import type { mixMethods } from '#preload/contract/mix-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import { scoreReferences } from './mix-references.ts'
import type { WindowContext } from './window-context.ts'

type MixSides = Pick<
  CheckedArgumentsOf<WorkbenchContract, 'mix.basis'>,
  'sources' | 'targetId' | 'anchorSetId' | 'mask' | 'centre' | 'rescale'
>

export function mixHandlers({
  engine,
  current
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof mixMethods> {
  const estimate = createEstimator()
  const findPrompt = async (id: string): Promise<StoredPrompt> =>
    requireFound(await current.require().project.store.read.prompts.get(id), 'prompt', id)
  /** The sides of a transfer, from the project's own records. */
  const findSides = async (order: MixSides, signal: AbortSignal) => {
    const { project } = current.require()
    const sources = []
    for (const { promptId, modelId, weight } of order.sources) {
      const { prompt } = await findPrompt(promptId)
      const { reference } = await requireModel(project, modelId, signal)
      sources.push({ model: reference, prompt: prompt.vectors, weight })
    }
    const { anchorSetId, mask, centre, rescale } = order
    const { set } = requireFound(
      await project.store.read.anchorSets.get(anchorSetId),
      'anchor set',
      anchorSetId
    )
    const { reference: target } = await requireModel(project, order.targetId, signal)
    return { sources, target, anchors: set.anchors, mask, centre, rescale }
  }
  return {
    'mix.basis': async (order, { signal }) => {
      const sides = await findSides(order, signal)
      return await engine.call('transfer.mixingBasis', { ...sides, ridge: order.ridge }, { signal })
    },
    'mix.transfer': async (order, { signal }) => {
      const sides = await findSides(order, signal)
      const search = { kind: 'exact' as const, ridge: order.ridge }
      return await engine.call('transfer.run', { ...sides, search }, { signal })
    },
    'mix.retrieval': async (order, { signal }) => {
      const sides = await findSides(order, signal)
      const method = { by: 'transfer', search: { kind: 'exact', ridge: order.ridge } } as const
      return (await conditionRetrieval(engine, { ...sides, method }, signal)).retrieval ?? null
    },
    'mix.ridgePath': async (order, { signal, progress }) => {
      const sides = await findSides(order, signal)
      const { ridges } = order
      return await engine.call('transfer.ridgePath', { ...sides, ridges }, { signal, onProgress: progress })
    },
    'mix.sample': async ({ targetId, promptIds, prompts, taskId, split, limit }, { signal, progress }) => {
      const { project } = current.require()
      const { reference: model } = await requireModel(project, targetId, signal)
      const task = await requireTask(project, taskId, signal)
      const mixed = await Promise.all(promptIds.map(findPrompt))
      const template = commonValue(mixed.map(({ prompt }) => prompt.template))
      const conditions = prompts.map((vectors, index) => ({
        kind: 'prompt' as const,
        name: `mixture ${index + 1}`,
        vectors,
        template
      }))
      const request = { model, task: task.source, split, limit, conditions }
      const answers = await engine.call('evaluation.run', request, { signal, onProgress: progress })
      return answers.conditions.map(({ scores }) => scores)
    },
    'mix.references': (order, { signal }) => scoreReferences(current.require().project, order, signal),
    'mix.suggestSources': async ({ taskId, inputs, seed, ridge, ...order }, { signal, progress }) => {
      const { project } = current.require()
      const sides = await findSides(order, signal)
      const task = await requireTask(project, taskId, signal)
      const prompts = await Promise.all(order.sources.map(({ promptId }) => findPrompt(promptId)))
      const template = commonValue(prompts.map(({ prompt }) => prompt.template))
      const teachers = sides.sources.map(({ model, weight, prompt: vectors }, place) => ({
        model,
        weight,
        condition: { kind: 'prompt' as const, name: `source ${place + 1}`, vectors, template }
      }))
      return await suggestSources(
        engine,
        { sides: { ...sides, ridge }, asked: { teachers, task: task.source, inputs, seed }, template },
        { signal, onProgress: progress }
      )
    },
    'mix.refine': async (order) => {
      const { store, queue } = current.require().project
      return { jobId: await queue.add(jobOf(await planRefinement(store.read, order))) }
    },
    'transfers.plan': async (grid, { signal }) => {
      const { project } = current.require()
      const { jobs, notes } = await layGrid(project.store.read, grid)
      const groups = jobs.flatMap((job) => job.groups)
      const { seconds, from } = await estimate(project, groups, signal)
      return {
        runs: groups.length,
        jobs: jobs.length,
        evaluated: groups.filter(({ task }) => task !== null).length,
        seconds,
        estimatedFrom: from,
        bytes: await largestBytes(groups),
        notes: [...notes]
      }
    },
    'transfers.order': async (grid) => {
      const { project } = current.require()
      const { jobs, notes } = await layGrid(project.store.read, grid)
      const jobIds: string[] = []
      for (const job of jobs) jobIds.push(await project.queue.add(jobOf(job)))
      const runs = jobs.reduce((sum, { groups }) => sum + groups.length, 0)
      return { jobIds, runs, notes: [...notes] }
    }
  }
}
