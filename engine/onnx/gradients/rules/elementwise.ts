/** Gradients of arithmetic that treats every element alone; two operands broadcast. */
import type { Emitter } from '../emitter.ts'
import { broadcasting, type GradientRule } from './rule.ts'

/** y = a + b + …: d_a = g, summed to a */
export const addition: GradientRule = broadcasting((_, { inputs, gradient }) =>
  inputs.map(() => () => gradient)
)

/** y = a − b: d_a = g, d_b = −g */
export const subtraction: GradientRule = broadcasting((emit, { gradient }) => [
  () => gradient,
  () => emit.node('Neg', [gradient])
])

/** y = a · b: d_a = g · b, d_b = g · a */
export const multiplication: GradientRule = broadcasting((emit, { inputs: [a, b], gradient }) => [
  () => emit.node('Mul', [gradient, b]),
  () => emit.node('Mul', [gradient, a])
])

/** y = a / b: d_a = g / b, d_b = −g · y / b */
export const division: GradientRule = broadcasting((emit, { inputs: [, b], outputs: [y], gradient }) => {
  const quotient = () => emit.node('Div', [gradient, b])
  return [quotient, () => emit.node('Neg', [emit.node('Mul', [quotient(), y])])]
})

/** y = x^p: d_x = g · p · x^(p−1), d_p = g · y · log x (for x > 0) */
export const power: GradientRule = broadcasting((emit, { inputs: [x, p], outputs: [y], gradient }) => [
  () => emit.node('Mul', [gradient, powerSlope(emit, x, p)]),
  () => emit.node('Mul', [gradient, emit.node('Mul', [y, emit.node('Log', [x])])])
])

/** p · x^(p−1); the exponent may be of another element type than x. */
function powerSlope(emit: Emitter, x: string, p: string): string {
  const { values, elementType } = emit.facts(p)
  const [known] = values ?? []
  if (values?.length === 1 && typeof known === 'number') {
    const lowered = known === 2 ? x : emit.node('Pow', [x, emit.scalar(known - 1, x)])
    return emit.node('Mul', [lowered, emit.scalar(known, x)])
  }
  const type = emit.facts(x).elementType
  const exponent =
    type === undefined || elementType === type ? p : emit.node('Cast', [p], { to: { int: type } })
  const lowered = emit.node('Pow', [x, emit.node('Sub', [exponent, emit.scalar(1, x)])])
  return emit.node('Mul', [exponent, lowered])
}

/** y = −x: d_x = −g */
export const negation: GradientRule = (emit, { gradient }) => [() => emit.node('Neg', [gradient])]

/** y = |x|: d_x = g · sign x */
export const absolute: GradientRule = (emit, { inputs: [x], gradient }) => [
  () => emit.node('Mul', [gradient, emit.node('Sign', [x])])
]

/** y = √x: d_x = g / (2 y) */
export const squareRoot: GradientRule = (emit, { inputs: [x], outputs: [y], gradient }) => [
  () => emit.node('Div', [emit.node('Mul', [gradient, emit.scalar(0.5, x)]), y])
]

/** y = 1 / x: d_x = −g · y² */
export const reciprocal: GradientRule = (emit, { outputs: [y], gradient }) => [
  () => emit.node('Neg', [emit.node('Mul', [gradient, emit.node('Mul', [y, y])])])
]

/** y = e^x: d_x = g · y */
export const exponential: GradientRule = (emit, { outputs: [y], gradient }) => [
  () => emit.node('Mul', [gradient, y])
]

/** y = log x: d_x = g / x */
export const logarithm: GradientRule = (emit, { inputs: [x], gradient }) => [
  () => emit.node('Div', [gradient, x])
]

/** y = max(a, b, …) or min: g goes to the operands that equal y, in equal shares */
export const extremum: GradientRule = broadcasting((emit, { inputs, outputs: [y], gradient }) => {
  const equals = (x: string): string => {
    const type = emit.facts(x).elementType
    const isEqual = emit.node('Equal', [x, y])
    return emit.node('Cast', [isEqual], { to: { int: type ?? 1 } })
  }
  const share = (): string => {
    const count = inputs.map(equals).reduce((sum, one) => emit.node('Add', [sum, one]))
    return emit.node('Div', [gradient, count])
  }
  return inputs.map((x) => () => emit.node('Mul', [share(), equals(x)]))
})

/** y = min(max(x, low), high): d_x = g where y = x, else 0 */
export const clipping: GradientRule = (emit, { inputs: [x], outputs: [y], gradient }) => [
  () => emit.node('Where', [emit.node('Equal', [x, y]), gradient, emit.scalar(0, x)])
]

/** y = a where the condition holds, else b: d_a = g where it holds, d_b = g where it does not, else 0 */
export const choice: GradientRule = broadcasting((emit, { inputs: [condition, a, b], gradient }) => [
  undefined,
  () => emit.node('Where', [condition, gradient, emit.scalar(0, a)]),
  () => emit.node('Where', [condition, emit.scalar(0, b), gradient])
])

/** y = x, and Dropout, which lets everything pass at inference: d_x = g */
export const identity: GradientRule = (_, { gradient }) => [() => gradient]

/** y = x in another element type: d_x = g in x's type */
export const cast: GradientRule = (emit, { inputs: [x], gradient }) => [
  () => {
    const { elementType } = emit.facts(x)
    return elementType === undefined || elementType === emit.facts(gradient).elementType
      ? gradient
      : emit.node('Cast', [gradient], { to: { int: elementType } })
  }
]
