/** Serves `transfer.retrieval` for the method and for every baseline. */
import type { BaselineMethod } from '#engine/common/contract/baselines.ts'
import { row } from '#engine/common/contract/matrix.ts'
import type { Retrieval, RetrievalRequest } from '#engine/common/contract/retrieval.ts'
import type { Provider } from '#engine/devices/session.ts'
import { toDense } from '#engine/linear-algebra/dense.ts'
import { measureRetrieval, type SendHeldOut, sendBySearch } from '#engine/transfer/retrieval.ts'
import type { CallContext } from '#engine/transfer/run-transfer.ts'
import { stackPrompts } from '#engine/transfer/stacked-prompts.ts'
import { runBaseline } from './run-baseline.ts'

/** Retrieval by the method or baseline of the request. */
export function runRetrieval(
  request: RetrievalRequest,
  device: Provider,
  context: CallContext
): Promise<Retrieval> {
  const { method } = request
  const send = method.by === 'transfer' ? sendBySearch(method.search) : sendByBaseline(method.baseline)
  return measureRetrieval(request, device, context, send)
}

/** Every word is a prompt of its own. */
function sendByBaseline(method: BaselineMethod): SendHeldOut {
  return async ({ sources, rescale, ...request }, prompts, anchors, device, context) => {
    const { prompts: sent } = await runBaseline(
      {
        ...request,
        method,
        sources: sources.map((source, j) => ({
          ...source,
          prompts: Array.from({ length: prompts[j].rows }, (_, i) => ({
            rows: 1,
            columns: prompts[j].columns,
            data: row(prompts[j], i)
          }))
        })),
        anchors,
        rescale: rescale === 'none' ? 'none' : 'after'
      },
      device,
      context
    )
    return toDense(stackPrompts(sent))
  }
}
