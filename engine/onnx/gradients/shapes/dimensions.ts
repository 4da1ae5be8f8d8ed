/**
 * Sizes of tensors as far as they are known before a run. A size is a number, or an expression over named
 * sizes such as `batch_size` or `(past+sequence)`; two equal expressions are the same size at every run.
 * This is what lets gradients leave out the sums that a broadcast which never happens would need.
 */

/** A number, or the text of an expression that has one value per run. */
export type Dimension = number | string

export type Shape = readonly Dimension[]

/** Slices go "to the end" by sizes beyond any tensor, up to the largest int64. */
const beyondAnyTensor = 2 ** 31 - 1

function expression(operator: string, a: Dimension, b: Dimension): string {
  return `(${a}${operator}${b})`
}

function sorted(a: Dimension, b: Dimension): [Dimension, Dimension] {
  return String(a) <= String(b) ? [a, b] : [b, a]
}

export function add(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (a === 0) return b
  if (b === 0) return a
  return expression('+', ...sorted(a, b))
}

export function subtract(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (b === 0) return a
  return a === b ? 0 : expression('-', a, b)
}

export function multiply(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  if (a === 1) return b
  if (b === 1) return a
  return a === 0 || b === 0 ? 0 : expression('*', ...sorted(a, b))
}

/** Division of whole numbers as ONNX does it, towards zero. */
export function divide(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number')
    return b === 0 ? expression('/', a, b) : Math.trunc(a / b)
  if (b === 1) return a
  return a === b ? 1 : expression('/', a, b)
}

function smaller(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return Math.min(a, b)
  if (a === b || (typeof b === 'number' && b >= beyondAnyTensor)) return a
  return typeof a === 'number' && a >= beyondAnyTensor ? b : `min(${sorted(a, b).join(',')})`
}

function isSmallerOf(a: Dimension, b: Dimension): boolean {
  return typeof a === 'string' && a.startsWith('min(') && a.slice(4, -1).split(',').includes(String(b))
}

/**
 * The size of an axis of two operands after broadcasting. A prefix slice `min(a,b)` against `b` gives `b`:
 * it is either `b` itself or, where the run is valid, 1.
 */
export function broadcastDimension(a: Dimension, b: Dimension): Dimension {
  if (a === b || b === 1) return a
  if (a === 1) return b
  if (typeof a === 'number') return a
  if (typeof b === 'number') return b
  if (isSmallerOf(a, b)) return b
  return isSmallerOf(b, a) ? a : `broadcast(${sorted(a, b).join(',')})`
}

/** The shape of an elementwise result: shapes are aligned at their last axis. */
export function broadcastShapes(...shapes: Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) =>
    shapes.reduce<Dimension>((size, shape) => {
      const own = axis - (rank - shape.length)
      return own < 0 ? size : broadcastDimension(size, shape[own])
    }, 1)
  )
}

/** The length of `start:end:step` of an axis, all in ONNX's meaning (negative counts from the end). */
export function sliceLength(size: Dimension, start: Dimension, end: Dimension, step: Dimension): Dimension {
  if (start === 0 && step === 1 && (typeof end === 'string' || end >= 0)) return smaller(size, end)
  if (
    typeof size !== 'number' ||
    typeof start !== 'number' ||
    typeof end !== 'number' ||
    typeof step !== 'number'
  )
    return `slice(${size};${start};${end};${step})`
  const clamp = (index: number, low: number, high: number) =>
    Math.min(Math.max(index < 0 ? index + size : index, low), high)
  const length =
    step > 0
      ? (clamp(end, 0, size) - clamp(start, 0, size)) / step
      : (clamp(end, -1, size - 1) - clamp(start, 0, size - 1)) / step
  return Math.max(0, Math.ceil(length))
}

/** The number of elements. */
export function product(shape: Shape): Dimension {
  return shape.reduce(multiply, 1)
}

/** The axis counted from the front: -1 of rank 3 is 2. */
export function normaliseAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}
