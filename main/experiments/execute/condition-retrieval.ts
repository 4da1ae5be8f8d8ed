/** The retrieval of a condition, measured beside its runs. The engine keeps it, as it does not depend on the prompts. */
import type { EngineContract } from '#engine/common/contract/engine-methods.ts'
import { heldOutCount, isCheckedByItself, type Retrieval } from '#engine/common/contract/retrieval.ts'
import type { ArgumentsOf } from '#engine/common/rpc/method-map.ts'
import type { EngineCalls } from '#main/project/context.ts'

type Condition = ArgumentsOf<EngineContract, 'transfer.retrieval'>

/** What a manifest holds of it: nothing where the anchors are too few, or where the method is checked on request alone. */
export async function conditionRetrieval(
  engine: EngineCalls,
  { sources, target, anchors, mask, centre, rescale, method, device }: Condition,
  signal: AbortSignal
): Promise<{ retrieval?: Retrieval }> {
  const { kind } = method.by === 'transfer' ? method.search : method.baseline
  if (heldOutCount(anchors.length) === 0 || !isCheckedByItself(kind)) return {}
  const request = {
    sources: sources.map(({ model, weight }) => ({ model, weight })),
    ...{ target, anchors, mask, centre, rescale, method, device }
  }
  return { retrieval: await engine.call('transfer.retrieval', request, { signal }) }
}
