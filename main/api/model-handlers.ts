/** What windows ask of the models of the open project. */

import { errorInLine } from '#engine/common/contract/errors.ts'
import { exists } from '#engine/common/files/exists.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { findModels } from '#main/catalogue/find-models.ts'
import { modelPlaces } from '#main/catalogue/model-places.ts'
import { registerModel, relocateModel, requireModel } from '#main/catalogue/models.ts'
import type { SupervisedEngine } from '#main/project/context.ts'
import { createTurns } from '#main/turns.ts'
import type { ModelInspection, modelMethods } from '#preload/contract/model-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { WindowContext } from './window-context.ts'

async function inspectModel(
  engine: SupervisedEngine,
  folder: string,
  signal: AbortSignal
): Promise<ModelInspection> {
  const report = await engine.call('models.inspect', { folder }, { signal })
  if (report.graph.file === null) return { report, graph: report.graph.note }
  try {
    return { report, graph: await engine.call('graph.inspect', { folder }, { signal }) }
  } catch (error) {
    if (signal.aborted) throw error
    return { report, graph: errorInLine(error) }
  }
}

export function modelHandlers({
  engine,
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof modelMethods> {
  const oneByOne = createTurns()
  return {
    'models.list': async () => {
      const { store, weights: background } = current.require().project
      const models = await store.read.models.list()
      const hashing = background.hashing()
      return await Promise.all(
        models.map(async ({ id, reference, report, weights }) => ({
          id,
          reference,
          report,
          weights,
          hashing: hashing?.modelId === id ? { done: hashing.done, total: hashing.total } : null,
          missing: !(await exists(reference.folder))
        }))
      )
    },
    'models.find': async ({ folder }, { signal }) =>
      await findModels(folder === null ? modelPlaces() : [folder], signal),
    'models.inspect': ({ folder }, { signal }) =>
      oneByOne(async () => await inspectModel(engine, folder, signal)),
    'models.add': async (reference, { signal }) => {
      const { project } = current.require()
      const { id } = await registerModel(project, reference, signal)
      changed('models')
      project.weights.start()
      return { id }
    },
    'models.hashWeights': ({ id }) => {
      current.require().project.weights.start(id)
      return {}
    },
    'models.stopHashing': () => {
      current.require().project.weights.stop()
      return {}
    },
    'models.relocate': async ({ id, folder }, { signal }) => {
      await relocateModel(current.require().project, id, { folder }, signal)
      changed('models')
      return {}
    },
    'models.remove': async ({ id }) => {
      const { project, removals } = current.require()
      const taken = await project.store.write(({ models }) => models.take(id))
      changed('models')
      return { removalId: removals.note(['models'], taken) }
    },
    'models.similarity': async ({ ids }, { signal, progress }) => {
      const { project } = current.require()
      const models = []
      for (const id of ids) models.push((await requireModel(project, id, signal)).reference)
      return await engine.call('models.similarity', { models }, { signal, onProgress: progress })
    },
    'models.inspectGraph': async ({ id }, { signal }) => {
      const { reference } = await requireModel(current.require().project, id, signal)
      return await engine.call('graph.inspect', reference, { signal })
    }
  }
}
