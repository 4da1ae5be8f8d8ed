/** DeBERTa's attention: scores of contents and, apart from them, of contents and relative positions. */
import { splitHeads } from '#engine/onnx/expansions/heads.ts'
import { times } from '#engine/onnx/expansions/words.ts'
import { transposeMatrix } from '#engine/onnx/gradients/emit-shapes.ts'
import type { ModelWriter } from '../model-writer.ts'
import { attendHeads } from './attention.ts'
import { linear } from './linear.ts'
import { rowsOfDistances } from './relative-positions.ts'

/** `c2p`: a query's content with a key's position; `p2c`: a key's content with a query's position. */
export type PositionScores = 'c2p' | 'p2c'

export type RelativePositions = {
  /** The embeddings of relative positions `[2 · span, width]`. */
  readonly embeddings: string
  /** Half as many rows as these have: from `span` on for queries after their keys. */
  readonly span: number
  /** The greatest distance that buckets are made for, and their number; undefined where each distance is its own. */
  readonly buckets: { readonly count: number; readonly furthest: number } | undefined
  /** Whether the projections of contents serve positions too. */
  readonly isShared: boolean
}

export type DisentangledAttention = {
  readonly width: number
  readonly heads: number
  readonly scores: readonly PositionScores[]
  readonly positions: RelativePositions | undefined
  readonly visible: string
}

/** The bucket of how far a query stands behind its key: near distances are their own, far ones share more and more. */
export function logBucket(
  distance: number,
  { count, furthest }: { count: number; furthest: number }
): number {
  const middle = Math.trunc(count / 2)
  const away = Math.abs(distance)
  if (away <= middle) return distance
  const logarithm = Math.fround(Math.log(Math.fround(away / middle)))
  const whole = Math.fround(Math.log(Math.fround((furthest - 1) / middle)))
  const bucket = Math.ceil(Math.fround(Math.fround(logarithm / whole) * (middle - 1))) + middle
  return Math.sign(distance) * bucket
}

/** Rows of the position embeddings, by how far a row's token stands behind a column's: `[sequence, sequence]`. */
function positionRows(model: ModelWriter, { span, buckets }: RelativePositions, sign: 1 | -1): string {
  const bucketOf = (behind: number) => (buckets === undefined ? behind : logBucket(behind, buckets))
  const rowOf = (distance: number) => Math.min(Math.max(span + sign * bucketOf(-distance), 0), 2 * span - 1)
  // Twice the furthest distance is beyond the last bucket.
  return rowsOfDistances(model, rowOf, buckets === undefined ? span : 2 * buckets.furthest)
}

/** Scores of `contents [batch, heads, sequence, headWidth]` with the position of each other token. */
function scoresByPosition(model: ModelWriter, contents: string, projected: string, rows: string): string {
  const ofEveryRow = model.node('MatMul', [contents, transposeMatrix(model, projected)])
  const sizes = model.node(
    'Concat',
    [
      model.node('Slice', [model.node('Shape', [ofEveryRow]), model.integers([0]), model.integers([2])]),
      model.node('Shape', [rows])
    ],
    { axis: { int: 0 } }
  )
  const [batch, heads, length] = model.shape(ofEveryRow)
  const expanded = model.noteShape(model.node('Expand', [rows, sizes]), [batch, heads, length, length])
  return model.node('GatherElements', [ofEveryRow, expanded], { axis: { int: 3 } })
}

/** What relative positions add to the scores: `[batch, heads, sequence, sequence]`, for each kind. */
function positionScores(
  model: ModelWriter,
  name: string,
  { query, key }: { query: string; key: string },
  { width, heads, scores }: DisentangledAttention,
  positions: RelativePositions
): string[] {
  const { embeddings, isShared } = positions
  const project = (shared: string, own: string): string => {
    const projected = linear(model, embeddings, `${name}.${isShared ? shared : own}`, {
      inputs: width,
      outputs: width
    })
    return splitHeads(model, model.node('Unsqueeze', [projected, model.integers([0])]), heads)
  }
  const scoresOf = (kind: PositionScores): string => {
    switch (kind) {
      case 'c2p':
        return scoresByPosition(
          model,
          query,
          project('key_proj', 'pos_key_proj'),
          positionRows(model, positions, 1)
        )
      case 'p2c': {
        const rows = positionRows(model, positions, -1)
        const ofKeys = scoresByPosition(model, key, project('query_proj', 'pos_query_proj'), rows)
        return transposeMatrix(model, ofKeys)
      }
    }
  }
  return scores.map(scoresOf)
}

/** `x [batch, sequence, width]` through `name.query_proj`, `key_proj`, `value_proj` and attention. */
export function disentangledAttention(
  model: ModelWriter,
  x: string,
  name: string,
  settings: DisentangledAttention
): string {
  const { width, heads, scores, positions, visible } = settings
  const project = (part: string): string =>
    splitHeads(model, linear(model, x, `${name}.${part}`, { inputs: width, outputs: width }), heads)
  const parts = { query: project('query_proj'), key: project('key_proj'), value: project('value_proj') }
  const headWidth = width / heads
  const scale = 1 / Math.sqrt(headWidth * (1 + scores.length))
  const byPosition = positions === undefined ? [] : positionScores(model, name, parts, settings, positions)
  const biases = byPosition.map((bias) => times(model, bias, scale))
  return attendHeads(model, parts, { heads, headWidth, scale }, [...biases, visible])
}
