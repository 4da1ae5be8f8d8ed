/**
 * A table stored as 8-bit numbers with a scale and a zero point, as transformers.js ships it: its values are
 * those that ONNX's DequantizeLinear gives, `(code − zero point) · scale`.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'

export type Quantisation = {
  /** One number, or one for each row or column. */
  readonly scale: StoredTensor
  /** As many, or null for zero. */
  readonly zeroPoint: StoredTensor | null
  /** The axis of the table along which the scales differ: 0, rows; 1, columns. */
  readonly axis: number
}

/** The names of the types that tables are quantised to, as reports show them. */
const typeNames: ReadonlyMap<string, string> = new Map([
  ['U8', 'uint8'],
  ['I8', 'int8']
])

/** The table `[rows, e]` whose codes are `codes`. @throws `unsupported` for codes that are not of 8 bits. */
export function dequantisedTable(codes: StoredTensor, quantisation: Quantisation): StoredTensor {
  const { name, shape, file } = codes
  const type = typeNames.get(codes.dtype)
  if (type === undefined) throw otherCodes(codes)
  return {
    name,
    dtype: `${type} + scale`,
    shape,
    file,
    read: async (signal, onValues) => {
      const scales = await quantisation.scale.read(signal)
      const zeroPoints = (await quantisation.zeroPoint?.read(signal)) ?? new Float32Array(scales.length)
      const values = await codes.read(signal)
      dequantise(values, codes, scales, zeroPoints, quantisation.axis)
      await onValues?.(values, values.length)
      return values
    }
  }
}

/** Replaces codes `[rows, e]` by the values that they stand for. */
function dequantise(
  values: Float32Array,
  codes: StoredTensor,
  scales: Float32Array,
  zeroPoints: Float32Array,
  axis: number
): void {
  const [rows, columns] = codes.shape
  const expected = axis === 0 ? rows : columns
  if ((scales.length !== 1 && scales.length !== expected) || zeroPoints.length !== scales.length) {
    throw new AnchorageError('file-malformed', 'The quantised table does not fit its scales.', {
      where: `${codes.file}, tensor ${codes.name}`,
      found: `${scales.length} scales and ${zeroPoints.length} zero points for [${rows}, ${columns}]`,
      expected: `1 or ${expected} of each`,
      next: 'Use the unquantised model.onnx or model.safetensors of this model.'
    })
  }
  const rowStep = scales.length > 1 && axis === 0 ? 1 : 0
  const columnStep = scales.length > 1 && axis === 1 ? 1 : 0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const which = i * rowStep + j * columnStep
      const at = i * columns + j
      values[at] = (values[at] - zeroPoints[which]) * scales[which]
    }
  }
}

function otherCodes(codes: StoredTensor): AnchorageError {
  return new AnchorageError('unsupported', 'The embedding table is quantised in a way that is not read.', {
    where: `${codes.file}, tensor ${codes.name}`,
    found: codes.dtype,
    expected: 'int8 or uint8 with scales, or floating-point numbers',
    next: 'Use model.safetensors or onnx/model.onnx of this model instead.'
  })
}
