/** The first half of every transfer: codes of all sources and the masks, checked against each other. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { differentLengths, type MaskSettings } from '#engine/common/contract/transfer.ts'
import { type Dense, denseColumns } from '#engine/linear-algebra/dense.ts'
import { anchorSums } from '#engine/linear-algebra/unit-anchors.ts'
import { chooseMasks, keptIndices, type Masks } from './mask.ts'
import type { SourceCodes } from './matching.ts'
import { encode, unitMaskedCodes } from './relative-code.ts'
import { keptAnchors, type TargetSpace } from './target-space.ts'
import type { TransferSource } from './transfer-input.ts'

export type EncodedSources = { sources: SourceCodes[]; masks: Masks }

/**
 * Encodes every source's prompt, chooses the masks, gives the masked codes length 1 and sums the target's anchors by them.
 * @throws AnchorageError `mismatch` for prompts of different lengths or anchors that are not the same list,
 * `bad-argument` for weights that are not positive
 */
export async function encodeSources(
  sources: readonly TransferSource[],
  target: TargetSpace,
  mask: MaskSettings
): Promise<EncodedSources> {
  requireComparable(sources, target)
  const codes: Dense[] = []
  for (const { space, prompt } of sources) codes.push(await encode(prompt, space))
  const masks = chooseMasks(mask, codes)
  const kept = keptAnchors(target, masks)
  const encoded: SourceCodes[] = []
  for (const [j, { space, weight }] of sources.entries()) {
    const unit = unitMaskedCodes(codes[j], masks.rows, `the prompt of ${space.name}`)
    const own = kept === target.unit ? unit : denseColumns(unit, keptIndices(masks.rows[0]))
    encoded.push({ unit, right: await anchorSums(kept, own), weight })
  }
  return { masks, sources: encoded }
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
    if (space.anchors.rows !== target.anchors.rows)
      throw new AnchorageError('mismatch', 'A source and the target have different numbers of anchors.', {
        where: space.name,
        found: `${space.anchors.rows} anchors`,
        expected: `${target.anchors.rows}, as the target has`,
        next: 'Take the rows of one anchor set from both tables.'
      })
  }
}
