/** Solves every source once, so that each combination and mixing weight is a weighted sum (contract/mixing.ts). */
import type { MixingBasis } from '#engine/common/mixing/mixing.ts'
import { type Dense, denseRow, denseRows, dot, toMatrix, zeros } from '#engine/linear-algebra/dense.ts'
import { encodeSources } from './encode-sources.ts'
import { exactSearch } from './exact-search.ts'
import type { Masks } from './mask.ts'
import { randomMatching } from './random-matching.ts'
import { finishOf } from './rescale.ts'
import type { TransferInput, WorkOptions } from './transfer-input.ts'

export type MixingInput = Omit<TransferInput, 'search' | 'rescale'> & {
  /** λ. */
  ridge: number
  rescale: 'after' | 'none'
}

/**
 * The basis for the sources' prompts. Their weights are not used; masks are those of all sources together,
 * whatever weights are mixed later.
 */
export async function solveMixingBasis(
  { sources, target, mask, ridge, rescale }: MixingInput,
  { signal }: WorkOptions = {}
): Promise<MixingBasis> {
  const encoded = await encodeSources(sources, target.space, mask)
  const count = sources.length
  const vectors = encoded.masks.rows.length
  const rights = stack(encoded.sources.map(({ right }) => right))
  const masks: Masks = {
    ...encoded.masks,
    rows: Array.from({ length: count }, () => encoded.masks.rows).flat()
  }
  const ridges = ridge > 0 ? [ridge, 0] : [0]
  const { solutions, gram } = await exactSearch(target.space, rights, masks, ridges, signal)
  const [chosen, optimum] = [solutions[0], solutions[solutions.length - 1]]
  const notes =
    chosen.ridge > ridge
      ? [`A ridge of ${chosen.ridge} stands in for ${ridge}: the anchors are rank deficient.`]
      : []
  return {
    solutions: sources.map((_, j) => toMatrix(denseRows(chosen.vectors, j * vectors, (j + 1) * vectors))),
    // `u_j·M Â x_l = b_j·x_l` and `M Â x_j·M Â x_l = x_j·G x_l`: no anchor is looked at again.
    agreement: productsPerVector(rights, chosen.vectors, count),
    overlap: productsPerVector(chosen.vectors, chosen.images, count),
    optimal: productsPerVector(rights, optimum.vectors, count),
    random: await randomMatching(target, encoded, gram),
    finish: finishOf(rescale, target.table.statistics, target.space.centre),
    ridge: chosen.ridge,
    notes
  }
}

/** `left_j · right_l` for every vector and pair of sources: `[m, S, S]` from two stacks `[S·m, e]`. */
function productsPerVector(left: Dense, right: Dense, count: number): Float64Array<ArrayBuffer> {
  const vectors = left.rows / count
  const products = new Float64Array(vectors * count * count)
  for (let i = 0; i < vectors; i++)
    for (let j = 0; j < count; j++)
      for (let l = 0; l < count; l++)
        products[(i * count + j) * count + l] = dot(
          denseRow(left, j * vectors + i),
          denseRow(right, l * vectors + i)
        )
  return products
}

function stack(parts: readonly Dense[]): Dense {
  const { rows, columns } = parts[0]
  const stacked = zeros(rows * parts.length, columns)
  for (const [j, { data }] of parts.entries()) stacked.data.set(data, j * rows * columns)
  return stacked
}
