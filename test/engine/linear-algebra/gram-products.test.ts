/** Gram matrices under masks, against float64 loops over the same anchors. */
import { expect, test } from 'vitest'
import { denseRow } from '#engine/linear-algebra/dense.ts'
import { gramMatrix, maskedGramMatrices } from '#engine/linear-algebra/gram-products.ts'
import { selectAnchors, type UnitAnchors } from '#engine/linear-algebra/unit-anchors.ts'
import { keptIndices } from '#engine/transfer/mask.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { describeOnDevices } from '#test/support/devices.ts'
import { sharedTable } from '#test/support/small-world.ts'

const unitOf = (anchors: number, width: number): UnitAnchors =>
  prepareTarget(sharedTable(anchors, width, 3), 'target', 'cpu').unit

/** The anchors whose index leaves a rest of less than `kept` by `period`. */
const everyFew = (anchors: number, kept: number, period: number): Uint8Array =>
  Uint8Array.from({ length: anchors }, (_, i) => (i % period < kept ? 1 : 0))

/** `Σ_i m_i â_i â_iᵀ` by loops. */
function gramByLoops({ anchors, scales }: UnitAnchors, mask: Uint8Array): Float64Array {
  const { rows, columns, data } = anchors
  const gram = new Float64Array(columns ** 2)
  for (let i = 0; i < rows; i++)
    for (let a = 0; a < columns; a++)
      for (let b = 0; b < columns; b++)
        gram[a * columns + b] += mask[i] * scales[i] ** 2 * data[i * columns + a] * data[i * columns + b]
  return gram
}

const furthest = (some: ArrayLike<number>, others: Float64Array): number =>
  others.reduce((most, value, i) => Math.max(most, Math.abs(value - some[i])), 0)

await describeOnDevices('Gram matrices under masks', (device) => {
  test.each([
    ['of one mask', [3]],
    ['of two that keep the same', [3, 3]],
    // Of the 32 groups of five masks some have no anchor at all.
    ['of five', [1, 2, 3, 5, 6]],
    ['of more than are multiplied together', [1, 2, 3, 4, 5, 6, 7]]
  ])('%s', async (_, kept) => {
    const unit = unitOf(200, 30)
    const masks = kept.map((count, i) => everyFew(200, count, 7 + i))
    const { all, each } = await maskedGramMatrices(unit, masks, device)
    // Sums of up to 200 products that are 1 on the diagonal, in float32.
    expect(furthest(all.data, gramByLoops(unit, new Uint8Array(200).fill(1)))).toBeLessThan(1e-4)
    expect(each).toHaveLength(masks.length)
    for (const [i, mask] of masks.entries())
      expect(furthest(each[i].data, gramByLoops(unit, mask))).toBeLessThan(1e-4)
  })
})

test('anchors of several blocks are summed as those that each mask keeps are alone', async () => {
  // Too many numbers to be drawn: the rests of a prime have no pattern in 250 columns.
  const data = Float32Array.from({ length: 70_000 * 250 }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5)
  const { unit } = prepareTarget({ rows: 70_000, columns: 250, data }, 'target', 'cpu')
  const masks = [everyFew(70_000, 1, 3), everyFew(70_000, 3, 5)]
  const { all, each } = await maskedGramMatrices(unit, masks, 'cpu')
  const own = await gramMatrix(unit, 'float64', 'cpu')
  // The diagonal holds up to some hundreds, the sums of 70,000 squares.
  for (const row of [0, 100, 249]) expect(furthest(denseRow(all, row), denseRow(own, row))).toBeLessThan(1e-3)
  for (const [i, mask] of masks.entries()) {
    const kept = await gramMatrix(selectAnchors(unit, keptIndices(mask)), 'float64', 'cpu')
    expect(furthest(each[i].data, kept.data)).toBeLessThan(1e-3)
  }
})
