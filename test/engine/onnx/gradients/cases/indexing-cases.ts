/** Cases of looking elements up, with repeated and negative indices. */
import type { GradientCase, WholeInput } from '../finite-differences.ts'
import { everyOpset, list } from './graph-words.ts'

function lookup(
  operator: string,
  shape: number[],
  indices: WholeInput,
  attributes: Record<string, { int: number }>,
  opsets: readonly number[] = everyOpset
): GradientCase {
  const settings = Object.entries(attributes).map(([name, { int }]) => `${name} ${int}`)
  return {
    title: `[${shape}] at [${indices.shape}] ${settings.join(' ')}`,
    opsets,
    floats: [{ shape }],
    wholes: [indices],
    build: (graph, [x], [at]) => [graph.node(operator, [x, at], attributes)]
  }
}

const axis = (int: number) => ({ axis: { int } })

const oneOfEachRow: GradientCase = {
  title: 'one of each row, as a loss picks its labels',
  opsets: everyOpset,
  floats: [{ shape: [3, 4] }],
  wholes: [{ shape: [3], values: [0, 3, -1] }],
  build: (graph, [x], [labels]) => {
    const column = graph.node('Reshape', [labels, list(graph, -1, 1)])
    return [graph.node('GatherElements', [x, column], axis(1))]
  }
}

export const indexingCases: Readonly<Record<string, readonly GradientCase[]>> = {
  Gather: [
    lookup('Gather', [4, 3], { shape: [2, 3], values: [0, 1, 1, 3, -1, 0] }, {}),
    lookup('Gather', [4, 3], { shape: [], values: [2] }, axis(0)),
    lookup('Gather', [2, 4, 3], { shape: [3], values: [1, -4, 1] }, axis(1)),
    lookup('Gather', [2, 4, 3], { shape: [2, 2], values: [1, 0, 3, 3] }, axis(-2)),
    lookup('Gather', [3, 2, 2], { shape: [4], values: [2, 0, 0, 2] }, axis(0)),
    lookup('Gather', [2, 3], { shape: [2, 2], values: [0, 2, 2, -1] }, axis(-1)),
    lookup('Gather', [5], { shape: [3], values: [4, 4, 0] }, axis(0))
  ],
  GatherElements: [
    oneOfEachRow,
    lookup('GatherElements', [3, 4], { shape: [2, 3], values: [0, 3, -1, 1, 1, 1] }, axis(1), [17, 20]),
    lookup('GatherElements', [3, 2], { shape: [4, 2], values: [0, 1, 2, 2, 0, 0, -1, 1] }, axis(0), [17, 20])
  ],
  GatherND: [
    lookup(
      'GatherND',
      [2, 3, 4],
      { shape: [4, 2], values: [0, 1, 1, 2, 0, 1, -1, -1], isLengthStated: true },
      {}
    ),
    lookup(
      'GatherND',
      [2, 3],
      { shape: [2, 2, 2], values: [0, 0, 1, 2, 1, -1, 0, 0], isLengthStated: true },
      {}
    ),
    lookup('GatherND', [4, 3], { shape: [3, 1], values: [3, 0, 3], isLengthStated: true }, {}),
    lookup(
      'GatherND',
      [2, 3, 4],
      { shape: [2, 2, 1], values: [0, 2, -1, 2], isLengthStated: true },
      { batch_dims: { int: 1 } },
      [13, 17, 20]
    ),
    lookup(
      'GatherND',
      [2, 2, 3],
      { shape: [2, 3, 2], values: [0, 1, 1, -1, 0, 1, 1, 0, 1, 0, 0, 0], isLengthStated: true },
      { batch_dims: { int: 1 } },
      [13, 17, 20]
    )
  ]
}
