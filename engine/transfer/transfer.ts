/**
 * One transfer from matrices: encode (Eq. 3), mask, search (Eq. 5/7), rescale (Eq. 6), report. Models, files
 * and anchor sets are none of its business.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { nothingCentredInside, nothingInside, type TransferResult } from '#engine/common/contract/transfer.ts'
import { type Dense, toMatrix } from '#engine/linear-algebra/dense.ts'
import { type AdamSettings, adamSearch } from './adam-search.ts'
import { encodeSources } from './encode-sources.ts'
import { exactSearchWithBound } from './exact-search.ts'
import { combineRights, measureMatching } from './matching.ts'
import { describeTransfers } from './report.ts'
import { finished, finishOf } from './rescale.ts'
import type { TransferInput, WorkOptions } from './transfer-input.ts'
import { type ExactOutcome, transferSuite } from './transfer-suite.ts'

export type TransferOutcome = ExactOutcome & {
  /** Adam only. */
  lossCurve: TransferResult['lossCurve']
}

/**
 * Transfers the sources' prompts to the target.
 * @throws AnchorageError for input that has no answer, `cancelled` when the signal is aborted
 */
export async function transfer(input: TransferInput, options: WorkOptions = {}): Promise<TransferOutcome> {
  requireFinishable(input)
  const { sources, search, rescale } = input
  if (search.kind === 'adam') return await transferByAdam(input, search, options)
  const suite = sources.map(({ space, weight, prompt }) => ({ space, weight, prompts: [prompt] }))
  const [outcome] = await transferSuite(
    { ...input, sources: suite, ridge: search.ridge, rescale: rescale === 'none' ? 'none' : 'after' },
    options
  )
  return { ...outcome, lossCurve: null }
}

/**
 * Refuses Eq. 6 inside of a search without steps, and of a descent among centred anchors, whose mean it would lose.
 * @throws AnchorageError `bad-argument`
 */
export function requireFinishable({ target, search, rescale }: Omit<TransferInput, 'sources'>): void {
  if (rescale !== 'inside') return
  if (search.kind === 'exact') throw nothingInside()
  if (target.space.centre !== null) throw nothingCentredInside()
}

async function transferByAdam(
  input: TransferInput,
  settings: AdamSettings,
  { signal, progress }: WorkOptions
): Promise<TransferOutcome> {
  const { sources, target, mask, rescale } = input
  const total = settings.steps + 2
  progress?.(0, total, 'encoding the sources')
  const encoded = await encodeSources(sources, target.space, mask)
  throwIfCancelled(signal)
  progress?.(1, total, 'searching')
  const inside = rescale === 'inside' ? target.table.statistics : null
  const { vectors, loss, chosenStep, snapshots } = await adamSearch(target.space, encoded, settings, inside, {
    signal,
    progress: (done, _, label, values) => progress?.(1 + done, total, label, values)
  })
  const finish = (found: Dense): Matrix =>
    toMatrix(finished(found, finishOf(rescale, target.table.statistics, target.space.centre)))
  const prompt = finish(vectors)
  progress?.(total - 1, total, 'describing the result')
  const right = combineRights(encoded.sources)
  const { bound, gram } = await exactSearchWithBound(target.space, right, encoded.masks, [], signal)
  const described = {
    target,
    encoded,
    gram,
    matching: await measureMatching(target.space, vectors, encoded.masks, encoded.sources),
    bound,
    prompts: [prompt],
    signal
  }
  const [report] = await describeTransfers({ ...described, ridge: null })
  progress?.(total, total, 'done')
  const shown = snapshots.map(({ step, vectors: found }) => ({ step, prompt: finish(found) }))
  return { prompt, report, lossCurve: { loss, chosenStep, snapshots: shown } }
}
