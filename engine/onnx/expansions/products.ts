/** Matrix products with transpositions and a factor. */
import { transposeMatrix } from '../gradients/emit-shapes.ts'
import { readFloat, readInteger } from '../read-messages.ts'
import { type Expansion, notExpandable } from './expansion.ts'
import { times } from './words.ts'

/** α · op(A) op(B): `FusedMatMul`, `TransposeMatMul` */
export const fusedMatrixProduct: Expansion = (emit, { node, required }) => {
  if (readInteger(node, 'transBatchA', 0) || readInteger(node, 'transBatchB', 0))
    throw notExpandable(node, 'exchanges axes of the batch')
  const operand = (index: number, setting: string): string => {
    const x = required(index)
    const isTransposed = readInteger(node, setting, 0) !== 0 && emit.shape(x).length > 1
    return isTransposed ? transposeMatrix(emit, x) : x
  }
  const product = emit.node('MatMul', [operand(0, 'transA'), operand(1, 'transB')])
  return [times(emit, product, readFloat(node, 'alpha', 1))]
}
