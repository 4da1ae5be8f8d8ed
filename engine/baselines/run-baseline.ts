/** Serves `baselines.run`: opens both models, transfers all prompts of the request by one baseline, rescales. */
import type { BaselineRequest, BaselineResult } from '#engine/common/contract/baselines.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type Dense, toMatrix } from '#engine/linear-algebra/dense.ts'
import { hashAnchors } from '#engine/models/anchors/anchor-text.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { openTransfer } from '#engine/transfer/open-transfer.ts'
import { requireVectors } from '#engine/transfer/relative-code.ts'
import { rescale } from '#engine/transfer/rescale.ts'
import { type CallContext, workOptions } from '#engine/transfer/run-transfer.ts'
import { splitPrompts, stackPrompts } from '#engine/transfer/stacked-prompts.ts'
import { type Baseline, type BaselineKind, baselines, type SettingsByKind } from './baselines.ts'
import type { TransferredVectors } from './transferred-vectors.ts'

/**
 * Transfers every prompt of a source to the target.
 * @throws AnchorageError for prompts that are not of the source, methods that do not fit the models, `cancelled`
 */
export async function runBaseline(
  request: BaselineRequest,
  device: Provider,
  context: CallContext
): Promise<BaselineResult> {
  const started = performance.now()
  context.progress({ done: 0, total: 1, label: 'opening the models' })
  const source = await openModel(request.source.model, context.signal)
  const target = await openModel(request.target, context.signal)
  for (const prompt of request.source.prompts) requireVectors(prompt, source.report.name, source.report.width)
  const { kind } = request.method
  const { vectors, notes, search } = await runOne(
    kind,
    request.method,
    { request, source, target },
    device,
    context
  )
  const lengths = request.source.prompts.map(({ rows }) => rows)
  const finish = (found: Dense): Matrix[] =>
    splitPrompts(found, lengths).map((prompt) =>
      toMatrix(request.rescale === 'after' ? rescale(prompt, target.report) : prompt)
    )
  return {
    prompts: finish(vectors),
    search:
      search === undefined
        ? null
        : {
            ...search,
            snapshots: search.snapshots.map((shown) => ({ step: shown.step, prompts: finish(shown.vectors) }))
          },
    notes,
    device,
    seconds: (performance.now() - started) / 1000
  }
}

type Sides = { request: BaselineRequest; source: OpenModel; target: OpenModel }

/** The vectors of all prompts, transferred together. */
async function runOne<Kind extends BaselineKind>(
  kind: Kind,
  settings: SettingsByKind[Kind],
  { request, source, target }: Sides,
  device: Provider,
  context: CallContext
): Promise<TransferredVectors> {
  const baseline: Baseline<SettingsByKind[Kind]> = baselines[kind]
  const {
    source: { model, prompts },
    anchors
  } = request
  switch (baseline.needs) {
    case 'target':
      return await baseline.run({ lengths: prompts.map(({ rows }) => rows), target }, settings)
    case 'models':
      return await baseline.run({ vectors: stackPrompts(prompts), source, target, device }, settings)
    case 'anchors': {
      if (anchors.length === 0)
        throw new AnchorageError('bad-argument', 'This method learns from anchors, and none were given.', {
          where: 'anchors',
          expected: 'words that both models know',
          next: 'Give an anchor set made with both models.'
        })
      const sides = { sources: [{ model }], target: request.target, anchors }
      const opened = await openTransfer(sides, device, context.signal)
      const [space] = opened.sources
      const learntFrom = [
        source.report.fingerprint.table,
        target.report.fingerprint.table,
        hashAnchors(anchors)
      ]
      const found = await baseline.run(
        {
          vectors: stackPrompts(prompts),
          anchors: { source: space.anchors, target: opened.target.space.anchors },
          source: space,
          target: opened.target.space,
          learntFrom: learntFrom.join(' '),
          device,
          options: workOptions(context)
        },
        settings
      )
      return { ...found, notes: [...opened.notes, ...found.notes] }
    }
  }
}
