/** Serves `baselines.run`: opens the models, transfers each source's prompts by one baseline, averages, rescales. */
import type { BaselineRequest, BaselineResult } from '#engine/common/contract/baselines.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Finish } from '#engine/common/mixing/rescale.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type Dense, toMatrix } from '#engine/linear-algebra/dense.ts'
import { openModel } from '#engine/models/open-model.ts'
import type { TargetCentre } from '#engine/transfer/centre.ts'
import { requireVectors } from '#engine/transfer/relative-code.ts'
import { finished, finishOf } from '#engine/transfer/rescale.ts'
import type { CallContext } from '#engine/transfer/run-transfer.ts'
import { promptLengths, splitPrompts, stackPrompts } from '#engine/transfer/stacked-prompts.ts'
import { averageSources } from './average.ts'
import { type OpenBaseline, transferSources } from './transfer-sources.ts'

/**
 * Transfers the prompts of every source to the target, and averages what comes of them by the weights.
 * @throws AnchorageError for prompts that are not of their source or differ between sources in number or length,
 * methods that do not fit the models, `cancelled`
 */
export async function runBaseline(
  request: BaselineRequest,
  device: Provider,
  context: CallContext
): Promise<BaselineResult> {
  const started = performance.now()
  context.progress({ done: 0, total: 1, label: 'opening the models' })
  const open = await openBaseline(request, context.signal)
  const { perSource, centre, notes } = await transferSources(open, device, context)
  const { vectors, lossCurve } = averageSources(
    perSource,
    request.sources.map(({ weight }) => weight)
  )
  const steps = finishesOf(open, centre)
  const finish = (found: Dense): Matrix[] =>
    splitPrompts(found, open.lengths).map((prompt) => toMatrix(steps.reduce(finished, prompt)))
  return {
    prompts: finish(vectors),
    lossCurve: lossCurve && {
      ...lossCurve,
      snapshots: lossCurve.snapshots.map((shown) => ({ step: shown.step, prompts: finish(shown.vectors) }))
    },
    notes: [...notes, ...perSource.flatMap((source) => source.notes)],
    device,
    seconds: (performance.now() - started) / 1000
  }
}

/** A method's own centring gives the mean back and knows nothing of it in Eq. 6; that of the request keeps it. */
function finishesOf({ request, target }: OpenBaseline, centre: TargetCentre | null): Finish[] {
  const { report } = target
  return request.centre === 'mean' || centre === null
    ? [finishOf(request.rescale, report, centre)]
    : [finishOf('none', report, centre), finishOf(request.rescale, report, null)]
}

async function openBaseline(request: BaselineRequest, signal: AbortSignal): Promise<OpenBaseline> {
  const sources = []
  for (const { model: reference, prompts } of request.sources) {
    const model = await openModel(reference, signal)
    const { name, width } = model.report
    for (const prompt of prompts) requireVectors(prompt, name, width)
    sources.push({ name, model, prompts })
  }
  return {
    request,
    sources: sources.map(({ model, prompts }) => ({ model, vectors: stackPrompts(prompts) })),
    target: await openModel(request.target, signal),
    lengths: promptLengths(sources)
  }
}
