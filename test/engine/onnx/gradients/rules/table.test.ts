/**
 * Every rule of the table against central differences in float64, in several operator sets, with sizes that
 * the graph states and with sizes that it only names. Tolerance: 1e-7 of the largest element (plus one); 2e-6
 * where onnxruntime computes a part in float32 (Erf, Gelu, and the statistics of LayerNormalization).
 */
import { describe, expect, test } from 'vitest'
import { checkDifferentiable } from '#engine/onnx/gradients/check-differentiable.ts'
import { gradientRules } from '#engine/onnx/gradients/rules/table.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { gradientCases } from '../cases/all-cases.ts'
import { declarations, differencesOf, differentiatedCase, gradientsOf } from '../finite-differences.ts'

const partlyFloat32: ReadonlySet<string> = new Set(['Erf', 'Gelu', 'LayerNormalization'])

test('every rule has cases, and every case is of a rule', () => {
  expect(Object.keys(gradientCases).sort()).toEqual(Object.keys(gradientRules).sort())
  for (const cases of Object.values(gradientCases)) expect(cases.length).toBeGreaterThan(0)
})

describe.each(Object.entries(gradientCases))('%s', (operator, cases) => {
  for (const gradientCase of cases) {
    test.each(gradientCase.opsets)(`${gradientCase.title}, operator set %i`, async (opset) => {
      const { weights, differences } = await differencesOf(gradientCase, opset)
      for (const declaration of declarations) {
        const settings = { declaration, type: 'float64', device: 'cpu' } as const
        const gradients = await gradientsOf(gradientCase, opset, settings, weights)
        for (const [input, expected] of differences) {
          const size = 1 + Math.max(...expected.map(Math.abs))
          const tolerance = (partlyFloat32.has(operator) ? 2e-6 : 1e-7) * size
          const difference = largestDifference(gradients.get(input) ?? [], expected)
          expect(difference, `${input}, sizes by ${declaration}`).toBeLessThan(tolerance)
        }
      }
      const { source, loss, withRespectTo } = differentiatedCase(
        gradientCase,
        opset,
        'names',
        'float64',
        weights
      )
      expect(checkDifferentiable(source, { loss, withRespectTo }).operators).toHaveProperty(operator)
    })
  }
})
