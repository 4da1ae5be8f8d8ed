/** Cases of matrix products and of reductions. */
import type { GradientCase } from '../finite-differences.ts'
import { everyOpset, list } from './graph-words.ts'

const matrixProducts: GradientCase[] = [
  [
    [2, 3],
    [3, 4]
  ],
  [
    [2, 3, 4],
    [4, 5]
  ],
  [
    [2, 2, 3, 4],
    [4, 2]
  ],
  [
    [2, 1, 3, 4],
    [2, 4, 2]
  ],
  [
    [3, 4],
    [2, 4, 2]
  ],
  [[3], [3]],
  [[3], [3, 4]],
  [[3], [2, 3, 4]],
  [[2, 3], [3]],
  [[2, 3, 4], [4]]
].map(([a, b]) => ({
  title: `[${a}] by [${b}]`,
  opsets: everyOpset,
  floats: [{ shape: a }, { shape: b }],
  build: (graph, inputs) => [graph.node('MatMul', inputs)]
}))

const thirdOperands: readonly (readonly number[] | undefined)[] = [undefined, [4], [2, 1], [], [2, 4]]

const generalProducts: GradientCase[] = [false, true].flatMap((transA) =>
  [false, true].flatMap((transB) =>
    thirdOperands.map(
      (c): GradientCase => ({
        title: `${transA ? 'aᵀ' : 'a'} ${transB ? 'bᵀ' : 'b'}${c ? ` + [${c}]` : ''}`,
        opsets: everyOpset,
        floats: [
          { shape: transA ? [3, 2] : [2, 3] },
          { shape: transB ? [4, 3] : [3, 4] },
          ...(c ? [{ shape: c }] : [])
        ],
        build: (graph, inputs) => [
          graph.node('Gemm', inputs, {
            alpha: { float: 0.5 },
            beta: { float: 1.5 },
            transA: { int: Number(transA) },
            transB: { int: Number(transB) }
          })
        ]
      })
    )
  )
)

/** @param axesAsInputSince the operator set in which axes became an input */
function reductions(operator: string, axesAsInputSince: number): GradientCase[] {
  const older = everyOpset.filter((opset) => opset < axesAsInputSince)
  const newer = everyOpset.filter((opset) => opset >= axesAsInputSince)
  const over = (axes: number[], keepdims: number, shape: number[]): GradientCase[] => [
    {
      title: `axes ${axes} of [${shape}] as attribute, keepdims ${keepdims}`,
      opsets: older,
      floats: [{ shape }],
      build: (graph, [x]) => [
        graph.node(operator, [x], { axes: { ints: axes }, keepdims: { int: keepdims } })
      ]
    },
    {
      title: `axes ${axes} of [${shape}] as input, keepdims ${keepdims}`,
      opsets: newer,
      floats: [{ shape }],
      build: (graph, [x]) => [
        graph.node(operator, [x, list(graph, ...axes)], { keepdims: { int: keepdims } })
      ]
    }
  ]
  const all = (keepdims: number): GradientCase => ({
    title: `all axes, keepdims ${keepdims}`,
    opsets: everyOpset,
    floats: [{ shape: [2, 3] }],
    build: (graph, [x]) => [graph.node(operator, [x], { keepdims: { int: keepdims } })]
  })
  const none: GradientCase = {
    title: 'no axes, which means to do nothing',
    opsets: newer,
    floats: [{ shape: [2, 3] }],
    build: (graph, [x]) => [graph.node(operator, [x], { noop_with_empty_axes: { int: 1 } })]
  }
  return [
    ...over([-1], 1, [2, 3, 4]),
    ...over([-1], 0, [2, 3, 4]),
    ...over([0, 2], 1, [2, 3, 4]),
    ...over([-3, 1], 0, [2, 3, 4]),
    ...over([1], 0, [4, 2]),
    all(0),
    all(1),
    none
  ]
}

export const productCases: Readonly<Record<string, readonly GradientCase[]>> = {
  Gemm: generalProducts,
  MatMul: matrixProducts,
  ReduceMean: reductions('ReduceMean', 18),
  ReduceSum: reductions('ReduceSum', 13)
}
