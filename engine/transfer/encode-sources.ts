/** The first half of every transfer: codes of all sources and the masks, checked against each other. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { gatherColumns, type Matrix, row, rowRange } from '#engine/common/contract/matrix.ts'
import { differentLengths, type MaskSettings } from '#engine/common/contract/transfer.ts'
import { type Dense, denseRows, zeros } from '#engine/linear-algebra/dense.ts'
import { anchorSums, type UnitAnchors } from '#engine/linear-algebra/unit-anchors.ts'
import { allAnchors, chooseMasks, keepsAll, keptIndices, type Masks } from './mask.ts'
import type { SourceCodes } from './matching.ts'
import { maskedLengths } from './relative-code.ts'
import { keptAnchors, type TargetSpace } from './target-space.ts'
import type { TransferSource } from './transfer-input.ts'

/** Vectors of which codes are held at once: a code is as long as there are anchors. */
const vectorsEncoded = 128

export type EncodedSources = { sources: SourceCodes[]; masks: Masks }

/**
 * Encodes every source's prompt, chooses the masks and sums the target's anchors by the masked codes at length 1.
 * @throws AnchorageError `mismatch` for prompts of different lengths or anchors that are not the same list,
 * `bad-argument` for weights that are not positive
 */
export async function encodeSources(
  sources: readonly TransferSource[],
  target: TargetSpace,
  mask: MaskSettings
): Promise<EncodedSources> {
  requireComparable(sources, target)
  const { rows } = target.anchors
  if (keepsAll(mask, rows)) {
    // In one piece: memory of many megabytes goes back to the system when it is freed.
    const [{ prompt }] = sources
    const rights = zeros(sources.length * prompt.rows, target.anchors.columns)
    const encoded: SourceCodes[] = []
    for (const [j, source] of sources.entries()) {
      const right = denseRows(rights, j * prompt.rows, (j + 1) * prompt.rows)
      await encodeInParts(source, target, right)
      encoded.push({ right, weight: source.weight })
    }
    return { masks: allAnchors(sources[0].prompt.rows, rows), sources: encoded }
  }
  const codes: Matrix[] = []
  for (const { space, prompt } of sources) codes.push(await space.codes(prompt))
  const masks = chooseMasks(mask, codes)
  const kept = keptAnchors(target, masks)
  const encoded: SourceCodes[] = []
  for (const [j, { space, weight }] of sources.entries())
    encoded.push({ right: await unitSums(kept, maskedCodes(codes[j], masks), space.name), weight })
  return { masks, sources: encoded }
}

/** Writes `b` of one source where all anchors count: no more codes are held than those of a part of its vectors. */
async function encodeInParts(
  { space, prompt }: TransferSource,
  { unit }: TargetSpace,
  right: Dense
): Promise<void> {
  for (let start = 0; start < prompt.rows; start += vectorsEncoded) {
    const part = rowRange(prompt, start, start + vectorsEncoded)
    const sums = await unitSums(unit, await space.codes(part), space.name)
    right.data.set(sums.data, start * right.columns)
  }
}

/** `b = Âᵀ u` with the unit codes `u = M r / |M r|` of masked codes `[m, k]`: `[m, e]`. */
async function unitSums(kept: UnitAnchors, masked: Matrix, name: string): Promise<Dense> {
  const lengths = maskedLengths(masked, `the prompt of ${name}`)
  const right = await anchorSums(kept, masked)
  for (let i = 0; i < right.data.length; i++) right.data[i] /= lengths[Math.floor(i / right.columns)]
  return right
}

/** `M r` as {@link keptAnchors} has the anchors: those columns alone that a common mask keeps, else with zeros. */
function maskedCodes(codes: Matrix, masks: Masks): Matrix {
  if (masks.kept === codes.columns) return codes
  if (masks.common) return gatherColumns(codes, keptIndices(masks.rows[0]))
  const masked = { ...codes, data: codes.data.slice() }
  for (const [i, mask] of masks.rows.entries()) {
    const code = row(masked, i)
    for (let j = 0; j < code.length; j++) if (mask[j] === 0) code[j] = 0
  }
  return masked
}

function requireComparable(sources: readonly TransferSource[], target: TargetSpace): void {
  if (sources.length === 0)
    throw new AnchorageError('bad-argument', 'A transfer needs at least one source.', { where: 'sources' })
  const longest = Math.max(...sources.map(({ prompt }) => prompt.rows))
  if (longest === 0 || sources.some(({ prompt }) => prompt.rows !== longest))
    throw differentLengths(
      'sources',
      sources.map(({ space, prompt }) => ({ name: space.name, lengths: [prompt.rows] }))
    )
  for (const { space, weight } of sources) {
    if (!(weight > 0 && Number.isFinite(weight)))
      throw new AnchorageError('bad-argument', 'The weight of a source is not positive.', {
        where: space.name,
        found: String(weight),
        expected: 'a finite number above 0',
        next: 'Leave the source out instead of giving it no weight.'
      })
    if (space.count !== target.anchors.rows)
      throw new AnchorageError('mismatch', 'A source and the target have different numbers of anchors.', {
        where: space.name,
        found: `${space.count} anchors`,
        expected: `${target.anchors.rows}, as the target has`,
        next: 'Take the rows of one anchor set from both tables.'
      })
  }
}
