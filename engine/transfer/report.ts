/** The reports of transfers: how well the found vectors match, and what they are near to in the target. */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { TransferReport } from '#engine/common/contract/transfer.ts'
import { type Gram, ridgeNotes } from '#engine/linear-algebra/gram.ts'
import { spectrumOf } from '#engine/linear-algebra/spectrum.ts'
import { placeVectors, reportedWords } from '#engine/neighbours/word-table.ts'
import type { EncodedSources } from './encode-sources.ts'
import type { Bound } from './exact-search.ts'
import type { Matching } from './matching.ts'
import { randomMatching } from './random-matching.ts'
import { stackPrompts } from './stacked-prompts.ts'
import type { TransferTarget } from './transfer-input.ts'

type Described = {
  target: TransferTarget
  encoded: EncodedSources
  gram: Gram
  /** Of what the search found, before Eq. 6. */
  matching: readonly Matching[]
  bound: Bound
  /** What is handed out, each `[m, e]`, together as many rows as `matching`: words and lengths are theirs. */
  prompts: readonly Matrix[]
  ridge: { asked: number; inForce: number } | null
  signal: AbortSignal | undefined
}

/** One report per prompt. */
export async function describeTransfers(described: Described): Promise<TransferReport[]> {
  const { target, encoded, gram, matching, bound, prompts, ridge, signal } = described
  const { sources, masks } = encoded
  throwIfCancelled(signal)
  const totalWeight = sources.reduce((sum, { weight }) => sum + weight, 0)
  const random = await randomMatching(target, encoded, gram)
  const spectrum = await spectrumOf(gram)
  const notes = rankNotes(described)
  const reports: TransferReport[] = []
  let start = 0
  const places = await placeVectors(target.table, stackPrompts(prompts), reportedWords, target.space.device)
  for (const prompt of prompts) {
    const own = matching.slice(start, start + prompt.rows)
    const byChance = own.map((_, i) =>
      sources.reduce((sum, { weight }, j) => sum + weight * random[(start + i) * sources.length + j], 0)
    )
    const vectors = own.map(({ total, perSource }, i) => ({
      matching: total,
      perSource,
      upperBound: bound.matching[start + i] / totalWeight,
      ...places[start + i]
    }))
    start += prompt.rows
    const meanOf = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length
    reports.push({
      vectors,
      meanMatching: meanOf(own.map(({ total }) => total)),
      randomMatching: meanOf(byChance),
      anchorsUsed: target.space.anchors.rows,
      anchorsKept: masks.kept,
      ...spectrum,
      ridge: ridge === null ? null : ridge.inForce,
      notes
    })
  }
  return reports
}

function rankNotes({ target, encoded, bound, ridge }: Described): string[] {
  const width = target.space.anchors.columns
  const { kept } = encoded.masks
  const notes: string[] = []
  if (kept < width)
    notes.push(
      `The anchors are rank deficient: ${kept} kept for a space of ${width} dimensions, so many vectors match equally well.`
    )
  else if (bound.ridge > 0)
    notes.push(
      `The anchors are rank deficient: ${kept} kept do not span the ${width} dimensions (some are repeated or depend on each other).`
    )
  return ridge === null ? notes : [...notes, ...ridgeNotes(ridge.asked, ridge.inForce)]
}
