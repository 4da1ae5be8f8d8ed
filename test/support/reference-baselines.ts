/**
 * The baselines once more in float64, straight from their equations and by other decompositions than the engine's:
 * what vectors `[n][d]` become, by the same anchors `[k][d]` in the source and `[k][e]` in the target.
 */
import { EigenvalueDecomposition, SingularValueDecomposition, Matrix as SmallMatrix } from 'ml-matrix'
import { row } from '#engine/common/contract/matrix.ts'
import type { ModelWithTable } from '#test/support/open-with-table.ts'
import { cosine, dotProduct, encodeRows, type Rows, solve, unit } from './reference-method.ts'

const columnsOf = (rows: Rows): Rows => rows[0].map((_, j) => rows.map((row) => row[j]))

const momentsOf = (rows: Rows): Rows => {
  const columns = columnsOf(rows)
  return columns.map((a) => columns.map((b) => dotProduct(a, b)))
}

/** The linear map by the normal equations, a column of `W` at a time. */
export function mapByNormalEquations(source: Rows, target: Rows, vectors: Rows, lambda: number): Rows {
  const width = source[0].length
  const gram = momentsOf(source)
  const trace = gram.reduce((sum, row, i) => sum + row[i], 0)
  for (let i = 0; i < width; i++) gram[i][i] += (lambda * trace) / width
  const from = columnsOf(source)
  const map = columnsOf(target).map((to) =>
    solve(
      gram,
      from.map((one) => dotProduct(one, to))
    )
  )
  return vectors.map((vector) => map.map((weights) => dotProduct(vector, weights)))
}

const padded = (rows: Rows, width: number): SmallMatrix =>
  new SmallMatrix(rows.map((row) => [...row, ...new Array<number>(width - row.length).fill(0)]))

/** Both tables padded with zeros to one width, the square map by a singular value decomposition, the rest cut off. */
export function rotateByPadding(source: Rows, target: Rows, vectors: Rows): Rows {
  const width = Math.max(source[0].length, target[0].length)
  const [a, b] = [padded(source, width), padded(target, width)]
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(a.transpose().mmul(b))
  const map = leftSingularVectors.mmul(rightSingularVectors.transpose())
  const mapped = padded(vectors, width).mmul(map)
  return mapped.subMatrix(0, vectors.length - 1, 0, target[0].length - 1).to2DArray()
}

/** `(AᵀA)^power` by eigenvalues: the symmetric whitening at −1/2, and its undoing at 1/2. */
function momentsTo(power: number, table: SmallMatrix): SmallMatrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(table.transpose().mmul(table))
  const scaled = SmallMatrix.diag(realEigenvalues.map((value) => value ** power))
  return eigenvectorMatrix.mmul(scaled).mmul(eigenvectorMatrix.transpose())
}

/** Whitening by the symmetric square root, the orthogonal map by a singular value decomposition. */
export function rotateBySymmetricWhitening(source: Rows, target: Rows, vectors: Rows): Rows {
  const [a, b] = [new SmallMatrix(source), new SmallMatrix(target)]
  const [from, to] = [momentsTo(-0.5, a), momentsTo(-0.5, b)]
  const cross = a.mmul(from).transpose().mmul(b.mmul(to))
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(cross, {
    autoTranspose: true
  })
  const turned = leftSingularVectors.mmul(rightSingularVectors.transpose())
  return new SmallMatrix(vectors).mmul(from).mmul(turned).mmul(momentsTo(0.5, b)).to2DArray()
}

/** The mean of every column, `[d]`. */
export const meansOf = (rows: Rows): number[] =>
  rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length)

/** The same map between tables less their means, the target's given back. */
export function centred(
  map: (source: Rows, target: Rows, vectors: Rows) => Rows
): (source: Rows, target: Rows, vectors: Rows) => Rows {
  return (source, target, vectors) => {
    const [from, to] = [meansOf(source), meansOf(target)]
    const less = (rows: Rows, means: number[]): Rows => rows.map((row) => row.map((x, j) => x - means[j]))
    const mapped = map(less(source, from), less(target, to), less(vectors, from))
    return mapped.map((row) => row.map((x, j) => x + to[j]))
  }
}

/** Which vector has this code with the target's unit anchors, by the normal equations. */
export function decodeRelative(source: Rows, target: Rows, vectors: Rows): Rows {
  const unitAnchors = target.map(unit)
  const gram = momentsOf(unitAnchors)
  const columns = columnsOf(unitAnchors)
  return encodeRows(vectors, source).map((code) =>
    solve(
      gram,
      columns.map((one) => dotProduct(one, code))
    )
  )
}

const sumOf = (weights: number[], rows: Rows): number[] =>
  rows[0].map((_, j) => weights.reduce((sum, weight, a) => sum + weight * rows[a][j], 0))

/** The pursuit with normal equations anew at every step. */
export function pursue(source: Rows, target: Rows, vectors: Rows, atoms: number): Rows {
  const units = source.map(unit)
  return vectors.map((vector) => {
    const chosen: number[] = []
    let weights: number[] = []
    let residual = vector
    for (let step = 0; step < atoms; step++) {
      const scores = units.map((anchor) => Math.abs(dotProduct(residual, anchor)))
      chosen.push(scores.indexOf(Math.max(...scores)))
      const rows = chosen.map((index) => source[index])
      weights = solve(
        rows.map((a) => rows.map((b) => dotProduct(a, b))),
        rows.map((a) => dotProduct(a, vector))
      )
      const near = sumOf(weights, rows)
      residual = vector.map((value, j) => value - near[j])
    }
    return sumOf(
      weights,
      chosen.map((index) => target[index])
    )
  })
}

/** Source and target ids of the words that both models write alike, by comparing every pair of tokens. */
export function sharedWordIds(source: ModelWithTable, target: ModelWithTable): [number, number][] {
  const words = ({ vocabulary }: ModelWithTable) => vocabulary.tokens.filter(({ kind }) => kind === 'word')
  const others = words(target)
  return words(source).flatMap((own): [number, number][] => {
    const same = others.find(
      ({ surface, beginsWord }) => surface === own.surface && beginsWord === own.beginsWord
    )
    return same === undefined ? [] : [[own.id, same.id]]
  })
}

/** The shared word with the highest cosine, by a search over all of them. */
export function nearestSharedWord(
  source: ModelWithTable,
  target: ModelWithTable,
  vector: number[]
): { own: number; other: number; cosine: number } {
  const scored = sharedWordIds(source, target).map(([own, other]) => ({
    own,
    other,
    cosine: cosine(vector, [...row(source.table, own)])
  }))
  return scored.reduce((a, b) => (b.cosine > a.cosine ? b : a))
}
