/** Positions of keys relative to queries, as rows of a table. */
import { countAlong } from '#engine/onnx/expansions/words.ts'
import { unsqueeze } from '#engine/onnx/gradients/emit-shapes.ts'
import type { ModelWriter, TokenInput } from '../model-writer.ts'

/**
 * For every query and key `rowOf` their distance: `[sequence, sequence]` of whole numbers.
 * @param rowOf the row for a key so many tokens after the query
 * @param reach the distance from which on the row stays the same, in both directions
 * @param ids the tokens whose positions they are
 */
export function rowsOfDistances(
  model: ModelWriter,
  rowOf: (distance: number) => number,
  reach: number,
  ids: TokenInput = 'input_ids'
): string {
  const rows = model.integers(Array.from({ length: 2 * reach + 1 }, (_, index) => rowOf(index - reach)))
  const positions = countAlong(model, model.tokenInput(ids), 1)
  const distances = model.node('Sub', [unsqueeze(model, positions, [0]), unsqueeze(model, positions, [1])])
  const bounded = model.node('Min', [
    model.node('Max', [distances, model.integer(-reach)]),
    model.integer(reach)
  ])
  return model.node('Gather', [rows, model.node('Add', [bounded, model.integer(reach)])])
}

/** How T5 and MPNet count distances. */
export type T5Buckets = {
  /** How many buckets there are. */
  readonly count: number
  /** The distance from which on all are in the last bucket. */
  readonly furthest: number
  /** Whether keys after the query have buckets of their own, the upper half. */
  readonly isBothWays: boolean
}

/**
 * The bucket of a distance: one for each of the near ones, then wider and wider ones. Computed in float32 as there, where
 * a distance between two buckets falls to the same side.
 */
export function t5Bucket(distance: number, { count, furthest, isBothWays }: T5Buckets): number {
  const half = isBothWays ? count / 2 : count
  const first = isBothWays && distance > 0 ? half : 0
  const away = isBothWays ? Math.abs(distance) : Math.max(0, -distance)
  const exact = Math.trunc(half / 2)
  if (away < exact) return first + away
  const logarithm = Math.fround(Math.log(Math.fround(away / exact)))
  const share = Math.fround(logarithm / Math.fround(Math.log(furthest / exact)))
  return first + Math.min(half - 1, exact + Math.trunc(Math.fround(share * (half - exact))))
}

/** What is added to the scores: a number for each head and bucket, `[heads, sequence, sequence]`. */
export function t5PositionBias(
  model: ModelWriter,
  name: string,
  heads: number,
  buckets: T5Buckets,
  ids: TokenInput = 'input_ids'
): string {
  const rows = rowsOfDistances(model, (distance) => t5Bucket(distance, buckets), buckets.furthest, ids)
  const found = model.node('Gather', [model.weight(name, [buckets.count, heads], 'normal'), rows])
  return model.node('Transpose', [found], { perm: { ints: [2, 0, 1] } })
}
