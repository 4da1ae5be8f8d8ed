/** The report of a transfer: how well the found vectors match, and what they are near to in the target. */
import { throwIfCancelled } from '../contract/errors.ts'
import type { Matrix } from '../contract/matrix.ts'
import type { TransferReport } from '../contract/transfer.ts'
import { type Dense, rowLengths } from './dense.ts'
import type { EncodedSources } from './encode-sources.ts'
import type { ExactSolution } from './exact-search.ts'
import type { Gram } from './gram.ts'
import { measureMatching } from './matching.ts'
import { spectrumOf } from './spectrum.ts'
import { lengthPercentile, nearestWords } from './target-table.ts'
import type { TransferTarget } from './transfer-input.ts'

type Described = {
  target: TransferTarget
  encoded: EncodedSources
  gram: Gram
  /** What the search found, before Eq. 6: the matching is its. `[m, e]`. */
  found: Dense
  /** The optimum without ridge. */
  optimum: ExactSolution
  /** What is handed out: words and lengths are its. `[m, e]`. */
  prompt: Matrix
  ridge: { asked: number; inForce: number } | null
  signal: AbortSignal | undefined
}

export async function describeTransfer(described: Described): Promise<TransferReport> {
  const { target, encoded, gram, found, optimum, prompt, ridge, signal } = described
  const { sources, masks } = encoded
  const matching = await measureMatching(target.space, found, masks, sources)
  const best =
    ridge !== null && ridge.inForce === optimum.ridge
      ? matching
      : await measureMatching(target.space, optimum.vectors, masks, sources)
  throwIfCancelled(signal)
  const words = await nearestWords(target.table, prompt, target.space.device)
  const lengths = rowLengths(prompt)
  const totalWeight = sources.reduce((sum, { weight }) => sum + weight, 0)
  return {
    vectors: matching.map(({ total, perSource }, i) => ({
      matching: total,
      perSource,
      expressible: best[i].total / totalWeight,
      norm: lengths[i],
      normPercentile: lengthPercentile(target.table, lengths[i]),
      nearestWords: words[i]
    })),
    meanMatching: matching.reduce((sum, { total }) => sum + total, 0) / matching.length,
    anchorsUsed: target.space.anchors.rows,
    anchorsKept: masks.kept,
    ...(await spectrumOf(gram)),
    ridge: ridge === null ? null : ridge.inForce,
    notes: rankNotes(described)
  }
}

function rankNotes({ target, encoded, optimum, ridge }: Described): string[] {
  const width = target.space.anchors.columns
  const { kept } = encoded.masks
  const notes: string[] = []
  if (kept < width)
    notes.push(
      `The anchors are rank deficient: ${kept} kept for a space of ${width} dimensions, so many vectors match equally well.`
    )
  else if (optimum.ridge > 0)
    notes.push(
      `The anchors are rank deficient: ${kept} kept do not span the ${width} dimensions (some are repeated or depend on each other).`
    )
  if (ridge !== null && ridge.inForce > ridge.asked)
    notes.push(
      `A ridge of ${ridge.inForce.toExponential(0)} stands in for ${ridge.asked}: the smallest that has one answer.`
    )
  return notes
}
