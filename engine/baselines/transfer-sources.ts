/** Runs one baseline on every source of a request: what it needs is opened, once for all sources where it can be. */
import type { BaselineMethod, BaselineRequest } from '#engine/common/contract/baselines.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider } from '#engine/devices/session.ts'
import { hashAnchors } from '#engine/models/anchors/anchor-text.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import type { TargetCentre } from '#engine/transfer/centre.ts'
import { openTransfer } from '#engine/transfer/open-transfer.ts'
import { centredVectors } from '#engine/transfer/relative-code.ts'
import { type CallContext, workOptions } from '#engine/transfer/run-transfer.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'
import { type Baseline, type BaselineKind, baselines, type SettingsByKind } from './baselines.ts'
import type { TransferredVectors } from './transferred-vectors.ts'

/** A request with its models opened and the prompts of each source stacked. */
export type OpenBaseline = {
  request: BaselineRequest
  sources: readonly { model: OpenModel; vectors: Matrix }[]
  target: OpenModel
  /** Vectors of each prompt, the same for every source. */
  lengths: readonly number[]
}

type FoundVectors = {
  /** In the order of the sources; less the mean of the target's anchors where `centre` is there. */
  perSource: TransferredVectors[]
  /** The mean to put back; null: not centred. */
  centre: TargetCentre | null
  /** Remarks on models and anchors. */
  notes: string[]
}

/**
 * The vectors of every source in the space of the target. Where anchors are centred, those of both sides and the vectors
 * are so before the baseline sees them (see transfer/centre.ts).
 * @throws AnchorageError `bad-argument` for anchors that are missing, centring without anchors and sources that have no
 * average, what the baseline says of its input, `cancelled`
 */
export function transferSources(
  open: OpenBaseline,
  device: Provider,
  context: CallContext
): Promise<FoundVectors> {
  const { method } = open.request
  return transferBy(method.kind, method, open, device, context)
}

async function transferBy<Kind extends BaselineKind>(
  kind: Kind,
  settings: SettingsByKind[Kind],
  { request, sources, target, lengths }: OpenBaseline,
  device: Provider,
  context: CallContext
): Promise<FoundVectors> {
  const baseline: Baseline<SettingsByKind[Kind]> = baselines[kind]
  if (baseline.needs !== 'anchors') requireNoCentring(kind, request)
  switch (baseline.needs) {
    case 'target':
      requireOneSource(kind, sources.length)
      return { perSource: [await baseline.run({ lengths, target }, settings)], centre: null, notes: [] }
    case 'models': {
      const perSource = await forEachSource(sources, context, ({ model, vectors }) =>
        baseline.run({ vectors, source: model, target, device }, settings)
      )
      return { perSource, centre: null, notes: [] }
    }
    case 'anchors': {
      requireAnchors(kind, request.anchors.length)
      const centre = 'centre' in settings && settings.centre ? 'mean' : request.centre
      const opened = await openTransfer({ ...request, centre }, device, context.signal)
      const { space } = opened.target
      const anchorsHash = hashAnchors(request.anchors)
      const perSource = await forEachSource(sources, context, async ({ model, vectors }, index, options) => {
        const source = await opened.sources[index].prepare()
        const tables = [model, target].map(({ report }) => report.fingerprint.table)
        return baseline.run(
          {
            vectors: centredVectors(vectors, source),
            anchors: { source: source.anchors, target: space.anchors },
            // The vectors are centred already.
            source: { ...source, mean: null },
            target: space,
            learntFrom: [...tables, anchorsHash, centre].join(' '),
            device,
            options
          },
          settings
        )
      })
      return { perSource, centre: space.centre, notes: [...opened.notes, ...opened.sameModels] }
    }
  }
}

/** One source after another, each with its share of the progress; remarks name the source where there are several. */
async function forEachSource(
  sources: OpenBaseline['sources'],
  context: CallContext,
  run: (
    source: OpenBaseline['sources'][number],
    index: number,
    options: WorkOptions
  ) => TransferredVectors | Promise<TransferredVectors>
): Promise<TransferredVectors[]> {
  const found: TransferredVectors[] = []
  for (const [index, source] of sources.entries()) {
    throwIfCancelled(context.signal)
    const { name } = source.model.report
    const options = workOptions({
      signal: context.signal,
      progress: ({ done, total, label, values }) =>
        context.progress({
          done: index * total + done,
          total: sources.length * total,
          label: sources.length === 1 ? label : `${name}: ${label}`,
          values
        })
    })
    const own = await run(source, index, options)
    found.push(sources.length === 1 ? own : { ...own, notes: own.notes.map((note) => `${name}: ${note}`) })
  }
  return found
}

function requireOneSource(kind: BaselineMethod['kind'], count: number): void {
  if (count === 1) return
  throw new AnchorageError(
    'bad-argument',
    'This method takes nothing from its source: there is nothing to average.',
    {
      where: kind,
      found: `${count} sources`,
      expected: 'one, whose prompts say how many vectors are wanted',
      next: 'Give one source alone.'
    }
  )
}

function requireNoCentring(kind: BaselineMethod['kind'], { centre }: BaselineRequest): void {
  if (centre === 'none') return
  throw new AnchorageError(
    'bad-argument',
    `The method ${kind} has no anchors whose mean could be taken out.`,
    {
      where: 'centre',
      found: centre,
      expected: 'none',
      next: 'Leave centring out, or choose a method that learns from anchors.'
    }
  )
}

function requireAnchors(kind: BaselineMethod['kind'], count: number): void {
  if (count > 0) return
  throw new AnchorageError('bad-argument', `The method ${kind} learns from anchors, and none were given.`, {
    where: 'anchors',
    expected: 'words that all models know',
    next: 'Give an anchor set made with all models.'
  })
}
