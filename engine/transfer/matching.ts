/** Eq. 5/7: how well target vectors match the sources under the masks. */
import { type Dense, denseRow, dot } from '#engine/linear-algebra/dense.ts'
import { maskedProducts } from '#engine/linear-algebra/unit-anchors.ts'
import type { Masks } from './mask.ts'
import type { TargetSpace } from './target-space.ts'

/** One source's side of the search: `M r / |M r|`, `[m, k]`, and its weight. */
export type SourceCodes = { unit: Dense; weight: number }

export type Matching = {
  /** `Σ_j w_j cos_j`. */
  total: number
  /** `cos_j` per source. */
  perSource: number[]
}

/** `c = Σ_j w_j · M r_j / |M r_j|`: all that the search needs of the sources, `[m, k]`. */
export function combineCodes(sources: readonly SourceCodes[]): Dense {
  const { rows, columns } = sources[0].unit
  const combined = { rows, columns, data: new Float64Array(rows * columns) }
  for (const { unit, weight } of sources)
    for (let i = 0; i < combined.data.length; i++) combined.data[i] += weight * unit.data[i]
  return combined
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
    const length = Math.sqrt(dot(product, product))
    const perSource = sources.map(({ unit }) => (length > 0 ? dot(denseRow(unit, i), product) / length : 0))
    return { total: sources.reduce((sum, { weight }, j) => sum + weight * perSource[j], 0), perSource }
  })
}
