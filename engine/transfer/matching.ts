/** Eq. 5/7: how well target vectors match the sources under the masks. */
import { addScaled, type Dense, denseRow, dot, zeros } from '#engine/linear-algebra/dense.ts'
import { maskedProducts } from '#engine/linear-algebra/unit-anchors.ts'
import type { ExactSolution } from './exact-search.ts'
import type { Masks } from './mask.ts'
import type { TargetSpace } from './target-space.ts'

/** One source's side of the search, and its weight. */
export type SourceCodes = {
  /** `u = M r / |M r|`, `[m, k]`. */
  unit: Dense
  /** `b = Âᵀ u`, `[m, e]`: `b·v` is `u·M Â v`. */
  right: Dense
  weight: number
}

export type Matching = {
  /** `Σ_j w_j cos_j`. */
  total: number
  /** `cos_j` per source. */
  perSource: number[]
}

/** `c = Σ_j w_j u_j`: all that a search by gradient steps needs of the sources, `[m, k]`. */
export function combineCodes(sources: readonly SourceCodes[]): Dense {
  return weightedSum(sources, ({ unit }) => unit)
}

/** `b = Σ_j w_j b_j`: all that the exact search needs of them, `[m, e]`. */
export function combineRights(sources: readonly SourceCodes[]): Dense {
  return weightedSum(sources, ({ right }) => right)
}

function weightedSum(sources: readonly SourceCodes[], of: (source: SourceCodes) => Dense): Dense {
  const { rows, columns } = of(sources[0])
  const sum = zeros(rows, columns)
  for (const source of sources) addScaled(sum.data, source.weight, of(source).data)
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
    return matchingOf(
      sources,
      sources.map(({ unit }) => dot(denseRow(unit, i), product)),
      dot(product, product)
    )
  })
}

/** The same for what the exact search found, which knows `G v` already: `cos_j = b_j·v / √(v·G v)`. */
export function solutionMatching(
  { vectors, images }: ExactSolution,
  sources: readonly SourceCodes[]
): Matching[] {
  return Array.from({ length: vectors.rows }, (_, i) => {
    const vector = denseRow(vectors, i)
    return matchingOf(
      sources,
      sources.map(({ right }) => dot(denseRow(right, i), vector)),
      dot(vector, denseRow(images, i))
    )
  })
}

/** @param products `u_j·y` of the code `y = M Â v` @param squares `|y|²` */
function matchingOf(sources: readonly SourceCodes[], products: readonly number[], squares: number): Matching {
  const length = Math.sqrt(Math.max(0, squares))
  const perSource = products.map((product) => (length > 0 ? product / length : 0))
  return { total: sources.reduce((sum, { weight }, j) => sum + weight * perSource[j], 0), perSource }
}
