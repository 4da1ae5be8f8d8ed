/** Eq. 5/7: how well target vectors match the sources under the masks. */
import { addScaled, type Dense, denseRow, dot, zeros } from '#engine/linear-algebra/dense.ts'
import { maskedProducts } from '#engine/linear-algebra/unit-anchors.ts'
import type { ExactSolution } from './exact-search.ts'
import type { Masks } from './mask.ts'
import type { TargetSpace } from './target-space.ts'

/** One source's side of the search, and its weight. */
export type SourceCodes = {
  /** `b = Âᵀ u` with the unit code `u = M r / |M r|`, `[m, e]`: `b·v` is `u·M Â v`. */
  right: Dense
  weight: number
}

export type Matching = {
  /** `Σ_j w_j cos_j`. */
  total: number
  /** `cos_j` per source. */
  perSource: number[]
}

/** `b = Σ_j w_j b_j`: all that a search needs of the sources, `[m, e]`. */
export function combineRights(sources: readonly SourceCodes[]): Dense {
  const { rows, columns } = sources[0].right
  const sum = zeros(rows, columns)
  for (const { weight, right } of sources) addScaled(sum.data, weight, right.data)
  return sum
}

/** The matching of every vector of `vectors [m, e]`, in float64. */
export async function measureMatching(
  target: TargetSpace,
  vectors: Dense,
  masks: Masks,
  sources: readonly SourceCodes[]
): Promise<Matching[]> {
  const products = await maskedProducts(target.unit, vectors, masks.rows)
  return Array.from({ length: vectors.rows }, (_, i) => {
    const product = denseRow(products, i)
    return matchingOf(sources, i, denseRow(vectors, i), dot(product, product))
  })
}

/** The same for what the exact search found, which knows `G v` already: `cos_j = b_j·v / √(v·G v)`. */
export function solutionMatching(
  { vectors, images }: ExactSolution,
  sources: readonly SourceCodes[]
): Matching[] {
  return Array.from({ length: vectors.rows }, (_, i) => {
    const vector = denseRow(vectors, i)
    return matchingOf(sources, i, vector, dot(vector, denseRow(images, i)))
  })
}

/** `cos_j = b_j·v / |y|` of vector `i`. @param squares `|y|²` of its code `y = M Â v` */
function matchingOf(
  sources: readonly SourceCodes[],
  i: number,
  vector: Float64Array,
  squares: number
): Matching {
  const length = Math.sqrt(Math.max(0, squares))
  const perSource = sources.map(({ right }) => (length > 0 ? dot(denseRow(right, i), vector) / length : 0))
  return { total: sources.reduce((sum, { weight }, j) => sum + weight * perSource[j], 0), perSource }
}
