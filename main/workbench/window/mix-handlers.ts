/** What the mixing screen asks: each source solved once, and the transfer for one set of weights. */
import type { CheckedArgumentsOf } from '../../../engine/rpc/method-map.ts'
import type { Handlers } from '../../../engine/rpc/serve.ts'
import type { WorkbenchContract } from '../../../preload/contract/workbench-methods.ts'
import { requireFound } from '../../store/records/row.ts'
import { requireModel } from '../catalogue/models.ts'
import type { WindowContext } from './window-context.ts'

type MixOrder = CheckedArgumentsOf<WorkbenchContract, 'mix.basis'>

export function mixHandlers({
  engine,
  current
}: WindowContext): Pick<Handlers<WorkbenchContract>, 'mix.basis' | 'mix.transfer'> {
  /** The sides of a transfer, from the project's own records. */
  const findSides = async (order: MixOrder, signal: AbortSignal) => {
    const { project } = current.require()
    const { read } = project.store
    const sources = []
    for (const { promptId, modelId, weight } of order.sources) {
      const { prompt } = requireFound(await read.prompts.get(promptId), 'prompt', promptId)
      const { reference } = await requireModel(project, modelId, signal)
      sources.push({ model: reference, prompt: prompt.vectors, weight })
    }
    const { set } = requireFound(
      await read.anchorSets.get(order.anchorSetId),
      'anchor set',
      order.anchorSetId
    )
    const { reference: target } = await requireModel(project, order.targetId, signal)
    return { sources, target, anchors: set.anchors, mask: order.mask, rescale: order.rescale }
  }
  return {
    'mix.basis': async (order, { signal }) => {
      const sides = await findSides(order, signal)
      return await engine.call('transfer.mixingBasis', { ...sides, ridge: order.ridge }, { signal })
    },
    'mix.transfer': async (order, { signal }) => {
      const sides = await findSides(order, signal)
      const solver = { kind: 'exact' as const, ridge: order.ridge }
      return await engine.call('transfer.run', { ...sides, solver }, { signal })
    }
  }
}
