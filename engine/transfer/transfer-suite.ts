/**
 * Exact transfers of several prompts at once: they are stacked, so that each pass over the anchors, the Gram
 * matrix and its factors serve all of them. A common mask is common to all their vectors.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { TransferReport } from '#engine/common/contract/transfer.ts'
import { toMatrix, unitRows } from '#engine/linear-algebra/dense.ts'
import { encodeSources } from './encode-sources.ts'
import { exactSearchWithBound } from './exact-search.ts'
import { combineRights, solutionMatching } from './matching.ts'
import { describeTransfers } from './report.ts'
import { finished, finishOf } from './rescale.ts'
import { promptLengths, splitPrompts, stackPrompts } from './stacked-prompts.ts'
import type { SuiteInput, TransferSource, WorkOptions } from './transfer-input.ts'

export type ExactOutcome = {
  /** `[m, e]`. */
  prompt: Matrix
  report: TransferReport
}

/**
 * Transfers every prompt of the suite to the target.
 * @returns one outcome per prompt, in order
 * @throws AnchorageError for input that has no answer, `cancelled` when the signal is aborted
 */
export async function transferSuite(
  { sources, target, mask, ridge, rescale }: SuiteInput,
  { signal, progress }: WorkOptions = {}
): Promise<ExactOutcome[]> {
  const lengths = promptLengths(sources.map(({ space, prompts }) => ({ name: space.name, prompts })))
  progress?.(0, 3, 'encoding the sources')
  const stacked = sources.map(
    ({ space, weight, prompts }): TransferSource => ({ space, weight, prompt: stackPrompts(prompts) })
  )
  const encoded = await encodeSources(stacked, target.space, mask)
  throwIfCancelled(signal)
  progress?.(1, 3, 'searching')
  const right = combineRights(encoded.sources)
  const search = await exactSearchWithBound(target.space, right, encoded.masks, [ridge], signal)
  const [solution] = search.solutions
  const found = unitRows(solution.vectors)
  const finish = finishOf(rescale, target.table.statistics, target.space.centre)
  const prompts = splitPrompts(found, lengths).map((prompt) => toMatrix(finished(prompt, finish)))
  progress?.(2, 3, 'describing the result')
  const reports = await describeTransfers({
    target,
    encoded,
    gram: search.gram,
    matching: solutionMatching(solution, encoded.sources),
    bound: search.bound,
    prompts,
    ridge: { asked: ridge, inForce: solution.ridge },
    signal
  })
  progress?.(3, 3, 'done')
  return prompts.map((prompt, index) => ({ prompt, report: reports[index] }))
}
