/** Positions of keys relative to queries, as rows of a table. */
import { countAlong } from '#engine/onnx/expansions/words.ts'
import { unsqueeze } from '#engine/onnx/gradients/emit-shapes.ts'
import type { ModelWriter } from '../model-writer.ts'

/**
 * For every query and key `rowOf` their distance: `[sequence, sequence]` of whole numbers.
 * @param rowOf the row for a key so many tokens after the query
 * @param reach the distance from which on the row stays the same, in both directions
 */
export function rowsOfDistances(
  model: ModelWriter,
  rowOf: (distance: number) => number,
  reach: number
): string {
  const rows = model.integers(Array.from({ length: 2 * reach + 1 }, (_, index) => rowOf(index - reach)))
  const positions = countAlong(model, model.tokenInput('input_ids'), 1)
  const distances = model.node('Sub', [unsqueeze(model, positions, [0]), unsqueeze(model, positions, [1])])
  const bounded = model.node('Min', [
    model.node('Max', [distances, model.integer(-reach)]),
    model.integer(reach)
  ])
  return model.node('Gather', [rows, model.node('Add', [bounded, model.integer(reach)])])
}

/** The largest distance that T5's buckets tell from larger ones. */
export const t5Reach = 128

/**
 * The bucket of a distance as T5 and MPNet count them: one for each of the near ones, then wider and wider ones. Computed
 * in float32 as there, where a distance between two buckets falls to the same side.
 * @param isBothWays whether keys after the query have buckets of their own, the upper half
 */
export function t5Bucket(distance: number, buckets: number, isBothWays: boolean): number {
  const half = isBothWays ? buckets / 2 : buckets
  const first = isBothWays && distance > 0 ? half : 0
  const away = isBothWays ? Math.abs(distance) : Math.max(0, -distance)
  const exact = Math.trunc(half / 2)
  if (away < exact) return first + away
  const logarithm = Math.fround(Math.log(Math.fround(away / exact)))
  const share = Math.fround(logarithm / Math.fround(Math.log(t5Reach / exact)))
  return first + Math.min(half - 1, exact + Math.trunc(Math.fround(share * (half - exact))))
}

/** What is added to the scores: a number for each head and bucket, `[heads, sequence, sequence]`. */
export function t5PositionBias(
  model: ModelWriter,
  name: string,
  { buckets, heads, isBothWays }: { buckets: number; heads: number; isBothWays: boolean }
): string {
  const rows = rowsOfDistances(model, (distance) => t5Bucket(distance, buckets, isBothWays), t5Reach)
  const found = model.node('Gather', [model.weight(name, [buckets, heads], 'normal'), rows])
  return model.node('Transpose', [found], { perm: { ints: [2, 0, 1] } })
}
