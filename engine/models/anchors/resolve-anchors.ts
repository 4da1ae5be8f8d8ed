/** The tokens of an anchor set in any one model, also one that the set was not made with. */
import type { Anchor } from '#engine/common/contract/anchors.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type AnchorModel, findSingleToken, indexSurfaces } from './anchor-model.ts'

export type ResolvedAnchors = {
  /** Token id per anchor, `[k]`; −1 for those missing. */
  readonly ids: Int32Array
  /** Anchors that this model has no token for. */
  readonly missing: readonly Anchor[]
  /** Anchors found by their lower-cased form alone, in a model that lower-cases. */
  readonly folded: readonly Anchor[]
}

/**
 * Looks every anchor up by surface and word start, in a model that lower-cases also by the lower-cased surface. Where
 * that leaves a choice, the token that `' ' + surface` is encoded to counts, as in the paper.
 */
export function resolveAnchors(anchors: readonly Anchor[], model: AnchorModel): ResolvedAnchors {
  const index = indexSurfaces(model.vocabulary)
  const ids = new Int32Array(anchors.length).fill(-1)
  const missing: Anchor[] = []
  const folded: Anchor[] = []
  for (const [position, anchor] of anchors.entries()) {
    const same = index.find(anchor, false)
    const listed = same ?? (model.tokenizer.lowercases ? index.find(anchor, true) : undefined)
    const ambiguous = same === undefined || index.isShared(anchor)
    const encodes = listed !== undefined && anchor.beginsWord && ambiguous
    const token = (encodes ? findSingleToken(anchor.surface, model, 'fold').token : undefined) ?? listed
    if (token === undefined) missing.push(anchor)
    else ids[position] = token.id
    if (token !== undefined && token.surface !== anchor.surface) folded.push(anchor)
  }
  return { ids, missing, folded }
}

/** Missing anchors shown in an error. */
const missingShown = 8

/**
 * The ids of every anchor, `[k]`.
 * @throws `mismatch` with the first words that the model does not know
 */
export function requireAnchors(anchors: readonly Anchor[], model: AnchorModel): Int32Array {
  const { ids, missing } = resolveAnchors(anchors, model)
  if (missing.length === 0) return ids
  const first = missing
    .slice(0, missingShown)
    .map(({ surface, beginsWord }) => `${beginsWord ? '' : '##'}${surface}`)
  throw new AnchorageError('mismatch', `${model.name} has no token for some of the anchors.`, {
    where: model.name,
    found: `${missing.length} of ${anchors.length} missing: ${first.join(', ')}${missing.length > missingShown ? ', …' : ''}`,
    expected: 'one token for every anchor',
    next: 'Build the anchor set with this model among its models, or leave these words out.'
  })
}
