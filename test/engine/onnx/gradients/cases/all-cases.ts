/** Every finite-difference case, by operator. */
import type { GradientCase } from '../finite-differences.ts'
import { activationCases } from './activation-cases.ts'
import { elementwiseCases } from './elementwise-cases.ts'
import { indexingCases } from './indexing-cases.ts'
import { productCases } from './product-cases.ts'
import { shapeCases } from './shape-cases.ts'

export const gradientCases: Readonly<Record<string, readonly GradientCase[]>> = {
  ...activationCases,
  ...elementwiseCases,
  ...indexingCases,
  ...productCases,
  ...shapeCases
}
