/** What windows ask of the anchor sets of the open project. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { CheckedArgumentsOf } from '#engine/common/rpc/method-map.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { keepAnchorSet } from '#main/catalogue/anchor-sets.ts'
import { requireModel } from '#main/catalogue/models.ts'
import type { anchorMethods } from '#preload/contract/anchor-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import { requireFound } from '#store/records/row.ts'
import type { WindowContext } from './window-context.ts'

type AnchorOrder = CheckedArgumentsOf<WorkbenchContract, 'anchors.build'>

export function anchorHandlers({
  engine,
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof anchorMethods> {
  const findReferences = async (ids: readonly string[], signal: AbortSignal): Promise<ModelReference[]> => {
    const { project } = current.require()
    const models = await Promise.all(ids.map((id) => requireModel(project, id, signal)))
    return models.map(({ reference }) => reference)
  }
  const build = async ({ name, modelIds, recipe }: AnchorOrder, signal: AbortSignal): Promise<AnchorSet> => {
    const models = await findReferences(modelIds, signal)
    return await engine.call('anchors.build', { name, models, recipe }, { signal })
  }
  return {
    'anchors.list': async () => await current.require().project.store.read.anchorSets.list(),
    'anchors.get': async ({ id }) => {
      const { store } = current.require().project
      return requireFound(await store.read.anchorSets.get(id), 'anchor set', id).set
    },
    'anchors.build': async (order, { signal }) => await build(order, signal),
    'anchors.overlap': async ({ modelIds, recipe }, { signal }) => {
      const models = await findReferences(modelIds, signal)
      return await engine.call('anchors.overlap', { models, recipe }, { signal })
    },
    'anchors.span': async ({ modelIds, recipe }, { signal, progress }) => {
      const models = await findReferences(modelIds, signal)
      return await engine.call('anchors.span', { models, recipe }, { signal, onProgress: progress })
    },
    'words.find': async ({ modelIds, word }, { signal }) => {
      const { project } = current.require()
      const ask = async (modelId: string) => {
        const { reference } = await requireModel(project, modelId, signal)
        return { modelId, found: await engine.call('words.find', { model: reference, word }, { signal }) }
      }
      return await Promise.all(modelIds.map(ask))
    },
    'anchors.save': async (order, { signal }) => {
      const { project } = current.require()
      const { id } = await keepAnchorSet(project, await build(order, signal))
      changed('anchors')
      return { id }
    },
    'anchors.remove': async ({ id }) => {
      const { project, removals } = current.require()
      const taken = await project.store.write(({ anchorSets }) => anchorSets.take(id))
      changed('anchors')
      return { removalId: removals.note(['anchors'], taken) }
    }
  }
}
