/** Cases of operators that arrange elements anew. */
import type { GradientCase } from '../finite-differences.ts'
import { everyOpset, list } from './graph-words.ts'

const listsSince13 = everyOpset.filter((opset) => opset >= 13)

function withAxes(operator: string, shape: number[], axes: number[]): GradientCase[] {
  return [
    {
      title: `axes ${axes} of [${shape}] as attribute`,
      opsets: [11],
      floats: [{ shape }],
      build: (graph, [x]) => [graph.node(operator, [x], { axes: { ints: axes } })]
    },
    {
      title: `axes ${axes} of [${shape}] as input`,
      opsets: listsSince13,
      floats: [{ shape }],
      build: (graph, [x]) => [graph.node(operator, [x, list(graph, ...axes)])]
    }
  ]
}

const reshapes: GradientCase[] = [
  ...[[6, 4], [2, -1], [0, 3, 2, 2], [-1], [0, 0, -1, 2]].map(
    (target): GradientCase => ({
      title: `[2,3,4] to [${target}]`,
      opsets: everyOpset,
      floats: [{ shape: [2, 3, 4] }],
      build: (graph, [x]) => [graph.node('Reshape', [x, list(graph, ...target)])]
    })
  ),
  {
    title: 'to sizes known at run time',
    opsets: everyOpset,
    floats: [{ shape: [2, 3, 4] }],
    wholes: [{ shape: [2], values: [4, 6], isLengthStated: true }],
    build: (graph, [x], [target]) => [graph.node('Reshape', [x, target])]
  }
]

const transposes: GradientCase[] = [[0, 2, 1, 3], [3, 1, 0, 2], [0, 2, 3, 1], undefined].map((perm) => ({
  title: `order ${perm ?? 'not given'}`,
  opsets: everyOpset,
  floats: [{ shape: [2, 3, 2, 2] }],
  build: (graph, [x]) => [graph.node('Transpose', [x], perm ? { perm: { ints: perm } } : {})]
}))

const flattenings: GradientCase[] = [0, 1, 2, -1].map((axis) => ({
  title: `axis ${axis}`,
  opsets: everyOpset,
  floats: [{ shape: [2, 3, 2] }],
  build: (graph, [x]) => [graph.node('Flatten', [x], { axis: { int: axis } })]
}))

const expansions: GradientCase[] = [
  { shape: [3, 1], target: [2, 3, 4] },
  { shape: [1, 2], target: [3, 1] },
  { shape: [], target: [2, 2] },
  { shape: [2, 3], target: [1, 1] }
].flatMap(({ shape, target }): GradientCase[] => [
  {
    title: `[${shape}] to [${target}]`,
    opsets: everyOpset,
    floats: [{ shape }],
    build: (graph, [x]) => [graph.node('Expand', [x, list(graph, ...target)])]
  },
  {
    title: `[${shape}] to sizes known at run time`,
    opsets: everyOpset,
    floats: [{ shape }],
    wholes: [{ shape: [target.length], values: target, isLengthStated: true }],
    build: (graph, [x], [sizes]) => [graph.node('Expand', [x, sizes])]
  }
])

const tilings: GradientCase[] = [
  { shape: [2, 3], repeats: [2, 3] },
  { shape: [3, 1, 2], repeats: [1, 4, 1] },
  { shape: [4], repeats: [3] },
  { shape: [2, 2], repeats: [1, 1] }
].flatMap(({ shape, repeats }): GradientCase[] => [
  {
    title: `[${shape}] ${repeats} times`,
    opsets: everyOpset,
    floats: [{ shape }],
    build: (graph, [x]) => [graph.node('Tile', [x, list(graph, ...repeats)])]
  },
  {
    title: `[${shape}] times known at run time`,
    opsets: everyOpset,
    floats: [{ shape }],
    wholes: [{ shape: [repeats.length], values: repeats, isLengthStated: true }],
    build: (graph, [x], [times]) => [graph.node('Tile', [x, times])]
  }
])

type Bounds = { starts: number[]; ends: number[]; axes: number[]; steps: number[]; opsets?: number[] }

const endless = 2 ** 40

const slices: GradientCase[] = [
  { starts: [1], ends: [3], axes: [1], steps: [1] },
  { starts: [0], ends: [endless], axes: [-1], steps: [1] },
  { starts: [-2], ends: [endless], axes: [2], steps: [1] },
  { starts: [0, -3], ends: [1, -1], axes: [0, 2], steps: [1, 1] },
  { starts: [-9], ends: [2], axes: [1], steps: [1] },
  { starts: [0], ends: [4], axes: [2], steps: [2] },
  { starts: [-1], ends: [-endless], axes: [1], steps: [-1] },
  { starts: [3, 1], ends: [0, 3], axes: [2, 1], steps: [-2, 1] },
  { starts: [1], ends: [1], axes: [1], steps: [1], opsets: [17, 20] }
].flatMap(({ starts, ends, axes, steps, opsets = [...everyOpset] }: Bounds): GradientCase[] => {
  const title = axes.map((axis, at) => `axis ${axis} ${starts[at]}:${ends[at]}:${steps[at]}`).join(', ')
  const floats = [{ shape: [2, 3, 4] }]
  return [
    {
      title,
      opsets,
      floats,
      build: (graph, [x]) => [
        graph.node('Slice', [x, ...[starts, ends, axes, steps].map((values) => list(graph, ...values))])
      ]
    },
    {
      title: `${title}, bounds known at run time`,
      opsets,
      floats,
      wholes: [
        { shape: [starts.length], values: starts, isLengthStated: true },
        { shape: [ends.length], values: ends, isLengthStated: true }
      ],
      build: (graph, [x], [from, to]) => [
        graph.node('Slice', [x, from, to, list(graph, ...axes), list(graph, ...steps)])
      ]
    }
  ]
})

const sliceWithoutAxes: GradientCase = {
  title: 'the first axes, not named',
  opsets: everyOpset,
  floats: [{ shape: [3, 4] }],
  build: (graph, [x]) => [graph.node('Slice', [x, list(graph, 1), list(graph, 3)])]
}

const splits: GradientCase[] = [
  {
    title: 'sizes as attribute',
    opsets: [11],
    floats: [{ shape: [2, 5] }],
    build: (graph, [x]) => graph.nodes('Split', [x], { axis: { int: -1 }, split: { ints: [2, 3] } }, 2)
  },
  {
    title: 'sizes as input',
    opsets: listsSince13,
    floats: [{ shape: [5, 2] }],
    build: (graph, [x]) => graph.nodes('Split', [x, list(graph, 1, 4)], { axis: { int: 0 } }, 2)
  },
  {
    title: 'even parts',
    opsets: [11, 13, 17],
    floats: [{ shape: [2, 6, 2] }],
    build: (graph, [x]) => graph.nodes('Split', [x], { axis: { int: 1 } }, 3)
  },
  {
    title: 'parts of which the last is smaller',
    opsets: [20],
    floats: [{ shape: [2, 5] }],
    build: (graph, [x]) => graph.nodes('Split', [x], { axis: { int: 1 }, num_outputs: { int: 3 } }, 3)
  },
  {
    title: 'a part that leads nowhere',
    opsets: listsSince13,
    floats: [{ shape: [2, 6] }],
    build: (graph, [x]) => graph.nodes('Split', [x, list(graph, 2, 4)], { axis: { int: 1 } }, 2).slice(1)
  }
]

const concatenations: GradientCase[] = [
  {
    axis: 1,
    shapes: [
      [2, 3, 2],
      [2, 1, 2],
      [2, 2, 2]
    ]
  },
  {
    axis: -1,
    shapes: [
      [2, 3],
      [2, 1]
    ]
  },
  {
    axis: 0,
    shapes: [
      [1, 2],
      [3, 2]
    ]
  }
].map(({ axis, shapes }) => ({
  title: `axis ${axis} of ${shapes.map((shape) => `[${shape}]`).join(' ')}`,
  opsets: everyOpset,
  floats: shapes.map((shape) => ({ shape })),
  build: (graph, inputs) => [graph.node('Concat', inputs, { axis: { int: axis } })]
}))

export const shapeCases: Readonly<Record<string, readonly GradientCase[]>> = {
  Concat: concatenations,
  Expand: expansions,
  Flatten: flattenings,
  Reshape: reshapes,
  Slice: [...slices, sliceWithoutAxes],
  Split: splits,
  Squeeze: [...withAxes('Squeeze', [2, 1, 3, 1], [1]), ...withAxes('Squeeze', [1, 2, 3, 1], [0, -1])],
  Tile: tilings,
  Transpose: transposes,
  Unsqueeze: [...withAxes('Unsqueeze', [2, 3], [1]), ...withAxes('Unsqueeze', [2, 3], [0, -1])]
}
