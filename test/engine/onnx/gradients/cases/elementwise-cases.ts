/** Cases of arithmetic element by element, with every kind of broadcast. */
import { dataTypes } from '#engine/onnx/build-messages.ts'
import type { FloatInput, GradientCase } from '../finite-differences.ts'
import { caseType, everyOpset, number } from './graph-words.ts'

const broadcasts: readonly (readonly [number[], number[]])[] = [
  [
    [2, 3, 4],
    [2, 3, 4]
  ],
  [[2, 3, 4], [4]],
  [
    [3, 1],
    [2, 3, 4]
  ],
  [
    [2, 1, 4],
    [1, 3, 1]
  ],
  [[], [2, 3]],
  [[2, 3], [1]]
]

function binary(operator: string, first?: FloatInput['range'], second?: FloatInput['range']): GradientCase[] {
  return broadcasts.map(([a, b]) => ({
    title: `[${a}] with [${b}]`,
    opsets: everyOpset,
    floats: [
      { shape: a, ...(first && { range: first }) },
      { shape: b, ...(second && { range: second }) }
    ],
    build: (graph, inputs) => [graph.node(operator, inputs)]
  }))
}

export function unary(operator: string, range: readonly [number, number] = [-2, 2]): GradientCase[] {
  return [[2, 3], [], [5]].map((shape) => ({
    title: `[${shape}]`,
    opsets: everyOpset,
    floats: [{ shape, range }],
    build: (graph, inputs) => [graph.node(operator, inputs)]
  }))
}

function constantPower(exponent: number): GradientCase {
  return {
    title: `exponent ${exponent}`,
    opsets: everyOpset,
    floats: [{ shape: [2, 3], range: exponent === Math.trunc(exponent) ? [-2, 2] : [0.5, 2] }],
    build: (graph, [x]) => [graph.node('Pow', [x, number(graph, exponent)])]
  }
}

const wholePower: GradientCase = {
  title: 'an exponent of whole numbers',
  opsets: [13, 17, 20],
  floats: [{ shape: [2, 3] }],
  wholes: [{ shape: [3], values: [1, 2, 3] }],
  build: (graph, [x], [exponents]) => [graph.node('Pow', [x, exponents])]
}

function several(operator: string): GradientCase[] {
  return [
    ...binary(operator),
    {
      title: 'three operands',
      opsets: everyOpset,
      floats: [{ shape: [2, 3] }, { shape: [3] }, { shape: [2, 1] }],
      build: (graph, inputs) => [graph.node(operator, inputs)]
    }
  ]
}

/** onnxruntime has no float64 Clip of operator set 11. */
const clips: GradientCase[] = [
  {
    title: 'both bounds',
    opsets: [13, 17, 20],
    floats: [{ shape: [3, 4] }],
    build: (graph, [x]) => [graph.node('Clip', [x, number(graph, -1), number(graph, 0.5)])]
  },
  {
    title: 'an upper bound alone',
    opsets: [13, 17, 20],
    floats: [{ shape: [7] }],
    build: (graph, [x]) => [graph.node('Clip', [x, '', number(graph, 0.5)])]
  }
]

const choices: GradientCase[] = [
  { condition: [2, 3, 4], a: [2, 3, 4], b: [] },
  { condition: [4], a: [2, 1, 4], b: [3, 4] },
  { condition: [3, 1], a: [1], b: [2, 3, 4] }
].map(({ condition, a, b }) => ({
  title: `[${condition}] ? [${a}] : [${b}]`,
  opsets: everyOpset,
  floats: [{ shape: a }, { shape: b }, { shape: condition, isFixed: true }],
  build: (graph, [first, second, sign]) => {
    const isPositive = graph.node('Greater', [sign, number(graph, 0)])
    return [graph.node('Where', [isPositive, first, second])]
  }
}))

/** Through a narrower type the value is rounded, which differences see; so the cast is to the type itself. */
const casts: GradientCase[] = [
  {
    title: 'to the same type',
    opsets: everyOpset,
    floats: [{ shape: [2, 3] }],
    build: (graph, [x]) => [graph.node('Cast', [x], { to: { int: dataTypes[caseType(graph)] } })]
  }
]

const dropouts: GradientCase[] = [
  {
    title: 'at inference, with its mask asked for',
    opsets: everyOpset,
    floats: [{ shape: [2, 3] }],
    build: (graph, [x]) => [graph.nodes('Dropout', [x], {}, 2)[0]]
  }
]

export const elementwiseCases: Readonly<Record<string, readonly GradientCase[]>> = {
  Abs: unary('Abs'),
  Add: binary('Add'),
  Cast: casts,
  Clip: clips,
  Div: binary('Div', [-2, 2], [0.5, 2]),
  Dropout: dropouts,
  Exp: unary('Exp'),
  Identity: unary('Identity'),
  Log: unary('Log', [0.3, 3]),
  Max: several('Max'),
  Min: several('Min'),
  Mul: binary('Mul'),
  Neg: unary('Neg'),
  Pow: [...binary('Pow', [0.5, 2]), ...[1, 2, 3, 0.5, -1.5].map(constantPower), wholePower],
  Reciprocal: unary('Reciprocal', [0.5, 2]),
  Sqrt: unary('Sqrt', [0.3, 3]),
  Sub: binary('Sub'),
  Sum: several('Sum'),
  Where: choices
}
