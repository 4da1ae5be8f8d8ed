/** What windows ask of the anchor sets of the open project. */
import type { AnchorSet } from '../../../engine/contract/anchors.ts'
import type { CheckedArgumentsOf } from '../../../engine/rpc/method-map.ts'
import type { Handlers } from '../../../engine/rpc/serve.ts'
import type { anchorMethods } from '../../../preload/contract/anchor-methods.ts'
import type { WorkbenchContract } from '../../../preload/contract/workbench-methods.ts'
import { requireFound } from '../../store/records/row.ts'
import { keepAnchorSet } from '../catalogue/anchor-sets.ts'
import { requireModel } from '../catalogue/models.ts'
import type { WindowContext } from './window-context.ts'

type AnchorOrder = CheckedArgumentsOf<WorkbenchContract, 'anchors.build'>

export function anchorHandlers({
  engine,
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof anchorMethods> {
  const build = async ({ name, modelIds, recipe }: AnchorOrder, signal: AbortSignal): Promise<AnchorSet> => {
    const { project } = current.require()
    const models = await Promise.all(modelIds.map((id) => requireModel(project, id, signal)))
    const references = models.map(({ reference }) => reference)
    return await engine.call('anchors.build', { name, models: references, recipe }, { signal })
  }
  return {
    'anchors.list': async () => await current.require().project.store.read.anchorSets.list(),
    'anchors.get': async ({ id }) => {
      const { store } = current.require().project
      return requireFound(await store.read.anchorSets.get(id), 'anchor set', id).set
    },
    'anchors.build': async (order, { signal }) => await build(order, signal),
    'anchors.save': async (order, { signal }) => {
      const { project } = current.require()
      const { id } = await keepAnchorSet(project, await build(order, signal))
      changed('anchors')
      return { id }
    }
  }
}
