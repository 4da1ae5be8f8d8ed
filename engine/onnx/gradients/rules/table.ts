/** Every operator that a gradient passes, with its rule. */
import * as activations from './activations.ts'
import * as elementwise from './elementwise.ts'
import * as indexing from './indexing.ts'
import * as products from './matrix-products.ts'
import * as normalisation from './normalisation.ts'
import * as reductions from './reductions.ts'
import type { GradientRule } from './rule.ts'
import * as shapes from './shapes.ts'
import { slicing } from './slicing.ts'

/** By operator of ONNX's own domain, operator sets 11 to 20. */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  Abs: elementwise.absolute,
  Add: elementwise.addition,
  Cast: elementwise.cast,
  Clip: elementwise.clipping,
  Concat: shapes.concatenation,
  Div: elementwise.division,
  Dropout: elementwise.identity,
  Erf: activations.errorFunction,
  Exp: elementwise.exponential,
  Expand: shapes.expansion,
  Flatten: shapes.reshaping,
  Gather: indexing.gathering,
  GatherElements: indexing.gatheringElements,
  GatherND: indexing.gatheringByIndex,
  Gelu: activations.gelu,
  Gemm: products.generalMatrixProduct,
  Identity: elementwise.identity,
  LayerNormalization: normalisation.layerNormalisation,
  Log: elementwise.logarithm,
  LogSoftmax: activations.logSoftmax,
  MatMul: products.matrixProduct,
  Max: elementwise.extremum,
  Min: elementwise.extremum,
  Mul: elementwise.multiplication,
  Neg: elementwise.negation,
  Pow: elementwise.power,
  Reciprocal: elementwise.reciprocal,
  ReduceMean: reductions.mean,
  ReduceSum: reductions.sum,
  Relu: activations.rectifier,
  Reshape: shapes.reshaping,
  Sigmoid: activations.sigmoid,
  Slice: slicing,
  Softmax: activations.softmax,
  Split: shapes.splitting,
  Sqrt: elementwise.squareRoot,
  Squeeze: shapes.reshaping,
  Sub: elementwise.subtraction,
  Sum: elementwise.addition,
  Tanh: activations.hyperbolicTangent,
  Tile: shapes.tiling,
  Transpose: shapes.transposition,
  Unsqueeze: shapes.reshaping,
  Where: elementwise.choice
}

/** Operators whose gradient comes from all their outputs; others have one from the first alone. */
export const operatorsOfSeveralOutputs: ReadonlySet<string> = new Set(['Split'])
