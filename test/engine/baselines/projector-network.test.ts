import { expect, test } from 'vitest'
import { openProjector, parameterNames, startParameters } from '#engine/baselines/projector-network.ts'
import { seededNormal, seededUniform } from '#engine/common/random/seeded-random.ts'
import { describeOnDevices } from '#test/support/devices.ts'
import { toRows } from '#test/support/reference-method.ts'
import { gradientOf, meanSquaredErrorOf, projectRow } from '#test/support/reference-projector.ts'
import { largestDifference } from '#test/support/safetensors.ts'

const shape = { source: 5, hidden: 7, target: 4 }
const source = { rows: 6, columns: 5, data: seededNormal(1, 30, 0, 1) }
const target = { rows: 6, columns: 4, data: seededNormal(2, 24, 0, 1) }
const parameters = startParameters(shape, seededUniform(3))
const plain = {
  hiddenWeights: [...parameters.hiddenWeights],
  hiddenBias: [...parameters.hiddenBias],
  outputWeights: [...parameters.outputWeights],
  outputBias: [...parameters.outputBias]
}

await describeOnDevices('the projector', (device) => {
  test('projects as plain float64 does', async () => {
    const network = await openProjector(shape, device)
    const projected = await network.project(parameters, source)
    await network.release()
    const expected = toRows(source).flatMap((vector) => projectRow(plain, vector))
    expect([projected.rows, projected.columns]).toEqual([6, 4])
    expect(largestDifference(projected.data, expected)).toBeLessThan(1e-5)
  })

  test('its loss is the mean squared error, its gradient that of finite differences', async () => {
    const network = await openProjector(shape, device)
    const { loss, gradient } = await network.gradient(parameters, source, target)
    await network.release()
    expect(loss).toBeCloseTo(meanSquaredErrorOf(plain, toRows(source), toRows(target)), 5)
    const expected = gradientOf(plain, toRows(source), toRows(target))
    for (const name of parameterNames) {
      expect(Math.max(...expected[name].map(Math.abs))).toBeGreaterThan(0.01)
      expect(largestDifference(gradient[name], expected[name])).toBeLessThan(1e-5)
    }
  })
})

test('parameters start within the bounds that PyTorch draws them from', () => {
  const large = startParameters({ source: 16, hidden: 64, target: 8 }, seededUniform(1))
  const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (const [name, bound] of [
    ['hiddenWeights', 1 / 4],
    ['hiddenBias', 1 / 4],
    ['outputWeights', 1 / 8],
    ['outputBias', 1 / 8]
  ] as const) {
    expect(largest(large[name])).toBeLessThanOrEqual(bound)
    expect(largest(large[name])).toBeGreaterThan(0.6 * bound)
  }
})
