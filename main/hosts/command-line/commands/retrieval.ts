/** `anchorage retrieval`: how often held-out anchors are found again by a condition, without any prompt. */
import { type Command, Option } from 'commander'
import { type BaselineMethod, baselineMethodSchema } from '#engine/common/contract/baselines.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { baselineRequested, isBaseline } from '#engine/common/contract/methods.ts'
import {
  isRetrievalLow,
  type Retrieval,
  type RetrievalRequest,
  retrievalNotes
} from '#engine/common/contract/retrieval.ts'
import {
  type Centre,
  centreSchema,
  defaultCentre,
  defaultRidgeOf,
  rescaleAfterSchema
} from '#engine/common/contract/transfer.ts'
import { addBaselineSettings, addSearchSettings, methodOf, refuseOptionsOfOthers } from '../method-options.ts'
import { modelFolder } from '../model-folder.ts'
import { parsePositive, parsePositiveInteger, parseSeed } from '../numbers.ts'
import type { Output } from '../output.ts'
import { type CommandSession, runInSession } from '../session.ts'
import {
  addTargetOptions,
  collect,
  maskOf,
  sharedAnchors,
  type TransferOptions
} from '../transfer-options.ts'

type RetrievalOptions = Pick<
  TransferOptions,
  | 'source'
  | 'weight'
  | 'target'
  | 'anchors'
  | 'case'
  | 'mask'
  | 'k'
  | 'maskFrom'
  | 'ridge'
  | 'lambda'
  | 'atoms'
  | 'steps'
  | 'device'
> & {
  readonly method: 'exact' | 'adam' | BaselineMethod['kind']
  readonly centre: Centre
  readonly rescale: 'after' | 'none'
  readonly seed: number
}

const methodNames = ['exact', 'adam', ...baselineMethodSchema.options.map(({ shape }) => shape.kind.value)]

/** The method as the engine is asked for it; what is drawn is drawn alike, whichever anchors are held out. */
function requested(options: RetrievalOptions): RetrievalRequest['method'] {
  const { method: kind, ridge = defaultRidgeOf(options.centre) } = options
  if (kind === 'random') return { by: 'baseline', baseline: { kind, seed: 0 } }
  const method = methodOf(kind, { ...options, ridge })
  if (isBaseline(method)) return { by: 'baseline', baseline: baselineRequested(method, 0) }
  if (method.kind === 'exact') return { by: 'transfer', search: method }
  const { steps, learningRate } = method
  const search = { kind: 'adam', steps, learningRate, seed: 0, selection: 'lowest-loss' } as const
  return { by: 'transfer', search }
}

function weightsOf({ source, weight = [] }: RetrievalOptions): number[] {
  if (weight.length !== 0 && weight.length !== source.length)
    throw new AnchorageError('bad-argument', 'Every source needs a weight where weights are given.', {
      found: `${source.length} sources, ${weight.length} weights`,
      expected: 'as many weights as sources, or none'
    })
  return source.map((_, index) => weight[index] ?? 1)
}

function print(retrieval: Retrieval, { centre }: RetrievalOptions, output: Output): void {
  const { hit1, hit10, cosine, intervals, heldOut, anchors } = retrieval
  const percent = (share: number): string => (100 * share).toFixed(1)
  const places = (value: number): string => value.toFixed(3)
  output.table(
    ['retrieval', 'found', '95 % low', '95 % high'],
    [
      ['hit@1 in %', percent(hit1), percent(intervals.hit1.low), percent(intervals.hit1.high)],
      ['hit@10 in %', percent(hit10), percent(intervals.hit10.low), percent(intervals.hit10.high)],
      ['mean cosine', places(cosine), places(intervals.cosine.low), places(intervals.cosine.high)]
    ]
  )
  output.line(`${heldOut} anchors held out, ${anchors} transferred by`)
  if (isRetrievalLow(retrieval))
    for (const note of retrievalNotes({ retrieval, centre })) output.line(`note: ${note}`)
}

async function retrieval(options: RetrievalOptions, session: CommandSession): Promise<void> {
  const { engine, signal, output, progress } = session
  const weights = weightsOf(options)
  const set = await sharedAnchors(options.source, options, session)
  const { target, centre, rescale, seed, device } = options
  const measured = await engine.call(
    'transfer.retrieval',
    {
      sources: options.source.map((folder, index) => ({
        model: { folder: modelFolder(folder) },
        weight: weights[index] ?? 1
      })),
      target: { folder: modelFolder(target) },
      anchors: set.anchors,
      mask: maskOf(options, set),
      centre,
      rescale,
      method: requested(options),
      seed,
      device
    },
    { signal, onProgress: progress.show }
  )
  progress.end()
  print(measured, options, output)
  output.result(measured)
}

export function addRetrievalCommand(command: Command): void {
  const sided = addTargetOptions(
    command
      .requiredOption('--source <model>', 'source model folder; once per source', collect(String))
      .option('--weight <w>', 'weight of that source (default: 1 each)', collect(parsePositive))
  )
  addBaselineSettings(addSearchSettings(sided))
    .addOption(
      new Option('--method <method>', 'the search of the method, or a baseline')
        .choices(methodNames)
        .default('exact')
    )
    .addOption(
      new Option('--mask <kind>', 'top-k: per vector; all: no mask')
        .choices(['top-k', 'all'])
        .default('top-k')
    )
    .option('--k <k>', 'anchors kept by the mask, at most', parsePositiveInteger, 8192)
    .addOption(
      new Option('--mask-from <rule>', "top-k of the sum of codes, or of the last source (the paper's code)")
        .choices(['sum', 'last'])
        .default('sum')
    )
    .addOption(
      new Option('--centre <which>', "mean: without the anchors' mean, which is put back; none: the paper's")
        .choices(centreSchema.options)
        .default(defaultCentre)
    )
    .addOption(
      new Option('--rescale <when>', 'Eq. 6 after the search, or not')
        .choices(rescaleAfterSchema.options)
        .default('after')
    )
    .option('--seed <n>', 'which anchors are held out', parseSeed, 0)
    .option('--device <name>', 'cpu, webgpu, cuda, …, or auto', 'auto')
    .addHelpText(
      'after',
      `
Examples:
  $ anchorage retrieval --source smollm2-135m --target gemma3-270m --mask all
  $ anchorage retrieval --source bert-base --source roberta-base --target roberta-large --mask all --json`
    )
    .action((options: RetrievalOptions, command: Command) =>
      runInSession(command, async (session) => {
        refuseOptionsOfOthers(options.method, command)
        await retrieval(options, session)
        return undefined
      })
    )
}
