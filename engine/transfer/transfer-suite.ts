/**
 * Exact transfers of several prompts at once: they are stacked, so that each pass over the anchors, the Gram
 * matrix and its factors serve all of them. A common mask is common to all their vectors.
 */
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { TransferReport } from '#engine/common/contract/transfer.ts'
import { toMatrix, unitRows } from '#engine/linear-algebra/dense.ts'
import { encodeSources } from './encode-sources.ts'
import { exactSearch } from './exact-search.ts'
import { combineCodes } from './matching.ts'
import { describeTransfers } from './report.ts'
import { rescale } from './rescale.ts'
import { splitPrompts, stackPrompts } from './stacked-prompts.ts'
import type { SuiteInput, TransferSource, WorkOptions } from './transfer-input.ts'

export type ExactOutcome = {
  /** `[m, e]`. */
  prompt: Matrix
  report: TransferReport
}

/**
 * Carries every prompt of the suite to the target.
 * @returns one outcome per prompt, in order
 * @throws AnchorageError for input that has no answer, `cancelled` when the signal is aborted
 */
export async function transferSuite(
  { sources, target, mask, ridge, rescale: rescaling }: SuiteInput,
  { signal, progress }: WorkOptions = {}
): Promise<ExactOutcome[]> {
  const lengths = promptLengths(sources)
  progress?.(0, 3, 'encoding the sources')
  const stacked = sources.map(
    ({ space, weight, prompts }): TransferSource => ({ space, weight, prompt: stackPrompts(prompts) })
  )
  const encoded = await encodeSources(stacked, target.space, mask)
  throwIfCancelled(signal)
  progress?.(1, 3, 'searching')
  const ridges = ridge > 0 ? [ridge, 0] : [0]
  const combined = combineCodes(encoded.sources)
  const { solutions, gram } = await exactSearch(target.space, combined, encoded.masks, ridges, signal)
  const found = unitRows(solutions[0].vectors)
  const prompts = splitPrompts(found, lengths).map((prompt) =>
    toMatrix(rescaling === 'after' ? rescale(prompt, target.table.statistics) : prompt)
  )
  progress?.(2, 3, 'describing the result')
  const reports = await describeTransfers({
    target,
    encoded,
    gram,
    found,
    optimum: solutions[solutions.length - 1],
    prompts,
    ridge: { asked: ridge, inForce: solutions[0].ridge },
    signal
  })
  progress?.(3, 3, 'done')
  return prompts.map((prompt, index) => ({ prompt, report: reports[index] }))
}

/** The number of vectors of each prompt, the same in every source. */
function promptLengths(sources: SuiteInput['sources']): number[] {
  const lengths = sources.map(({ prompts }) => prompts.map(({ rows }) => rows))
  const [first = []] = lengths
  for (const [j, own] of lengths.entries())
    if (own.length === 0 || own.length !== first.length || own.some((rows, p) => rows !== first[p]))
      throw new AnchorageError('mismatch', 'The prompts of the sources differ in length.', {
        where: 'sources',
        found: `${sources[0].space.name}: ${first.join(', ')} vectors; ${sources[j].space.name}: ${own.join(', ')} vectors`,
        expected: 'the same number of vectors, at least one, from every source',
        next: 'Choose prompts tuned with the same number of vectors.'
      })
  return first
}
