/**
 * A transfer from matrices: encode (Eq. 3), mask, search (Eq. 5/7), rescale (Eq. 6), report. Models, files
 * and anchor sets are none of its business.
 */
import { AnchorageError, throwIfCancelled } from '../contract/errors.ts'
import type { Matrix } from '../contract/matrix.ts'
import type { TransferReport } from '../contract/transfer.ts'
import { adamSearch } from './adam-search.ts'
import { type Dense, toMatrix, unitRows } from './dense.ts'
import { encodeSources } from './encode-sources.ts'
import { exactSearch } from './exact-search.ts'
import { combineCodes } from './matching.ts'
import { describeTransfer } from './report.ts'
import { rescale } from './rescale.ts'
import type { TransferInput, WorkOptions } from './transfer-input.ts'

export type TransferOutcome = {
  /** `[m, e]`. */
  prompt: Matrix
  report: TransferReport
  search: { loss: Float64Array<ArrayBuffer>; chosenStep: number } | null
}

/**
 * Carries the sources' prompts to the target.
 * @throws AnchorageError for input that has no answer, `cancelled` when the signal is aborted
 */
export async function transfer(
  { sources, target, mask, solver, rescale: rescaling }: TransferInput,
  { signal, progress }: WorkOptions = {}
): Promise<TransferOutcome> {
  if (rescaling === 'inside' && solver.kind === 'exact')
    throw new AnchorageError('bad-argument', 'The exact search has no steps to rescale inside of.', {
      where: 'rescale',
      found: 'inside',
      expected: 'after or none',
      next: 'Rescale after the search, or choose the Adam search.'
    })
  const steps = solver.kind === 'adam' ? solver.steps : 0
  const total = steps + 3
  progress?.(0, total, 'encoding the sources')
  const encoded = await encodeSources(sources, target.space, mask)
  throwIfCancelled(signal)
  progress?.(1, total, 'searching')
  const ridges = solver.kind === 'exact' && solver.ridge > 0 ? [solver.ridge, 0] : [0]
  const combined = combineCodes(encoded.sources)
  const { solutions, gram } = await exactSearch(target.space, combined, encoded.masks, ridges, signal)
  const optimum = solutions[solutions.length - 1]
  let found: Dense = unitRows(solutions[0].vectors)
  let search: TransferOutcome['search'] = null
  if (solver.kind === 'adam') {
    const inside = rescaling === 'inside' ? target.table.statistics : null
    const result = await adamSearch(target.space, encoded, solver, inside, {
      signal,
      progress: (done, _, label, values) => progress?.(1 + done, total, label, values)
    })
    found = result.vectors
    search = { loss: result.loss, chosenStep: result.chosenStep }
  }
  const prompt = rescaling === 'after' ? rescale(found, target.table.statistics) : found
  progress?.(2 + steps, total, 'describing the result')
  const report = await describeTransfer({
    target,
    encoded,
    gram,
    found,
    optimum,
    prompt: toMatrix(prompt),
    ridge: solver.kind === 'exact' ? { asked: solver.ridge, inForce: solutions[0].ridge } : null,
    signal
  })
  progress?.(total, total, 'done')
  return { prompt: toMatrix(prompt), report, search }
}
