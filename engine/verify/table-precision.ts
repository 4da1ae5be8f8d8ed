/** How exactly an embedding table is stored. */
import type { Precision } from '#engine/common/contract/verify.ts'
import { isQuantised } from '#engine/files/element-types.ts'

/** The numbers that an embedding table is stored in. @param dtype as a model's report names it */
export function tablePrecision(dtype: string): Precision {
  if (isQuantised(dtype)) return /4\s|^I?Q[2-5]/.test(dtype) ? '4-bit' : '8-bit'
  return dtype === 'F16' || dtype === 'BF16' ? 'half' : 'float32'
}
