/** Uses of every fused operator, as small graphs. */

import { seededUniform } from '#engine/common/random/seeded-random.ts'
import type { Attributes } from '#engine/onnx/build-messages.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'

export type FusedCase = {
  readonly title: string
  readonly operator: string
  /** Operator sets of ONNX in which the use is written the same way. */
  readonly opsets: readonly number[]
  /** In the operator's order; undefined for one that is not given. */
  readonly inputs: readonly (Tensor | undefined)[]
  readonly attributes?: Attributes
  /** Which outputs are compared; the first alone unless said otherwise. */
  readonly outputs?: readonly number[]
}

const uniform = seededUniform(5)

function floats(...dims: number[]): Tensor {
  const count = dims.reduce((product, size) => product * size, 1)
  return { type: 'float32', dims, data: Float32Array.from({ length: count }, () => 2 * uniform() - 1) }
}

function ints(dims: readonly number[], values: readonly number[]): Tensor {
  return { type: 'int32', dims, data: Int32Array.from(values) }
}

function longs(dims: readonly number[], values: readonly number[]): Tensor {
  return { type: 'int64', dims, data: BigInt64Array.from(values, BigInt) }
}

function truths(dims: readonly number[], values: readonly number[]): Tensor {
  return { type: 'bool', dims, data: Uint8Array.from(values) }
}

/** The oldest that gradients are promised for, that of most optimised exports, and the newest with gradients. */
const everyOpset = [11, 14, 20, 23]
const newest = [23, 24]

const microsoft = 'com.microsoft'
const int = (value: number) => ({ int: value })
const float = (value: number) => ({ float: value })

function cases(
  operator: string,
  opsets: readonly number[],
  list: readonly Omit<FusedCase, 'operator' | 'opsets'>[]
): FusedCase[] {
  return list.map((one) => ({ operator, opsets, ...one }))
}

const activations = [
  ...cases(`${microsoft}:Gelu`, everyOpset, [{ title: 'of a matrix', inputs: [floats(3, 4)] }]),
  ...cases(`${microsoft}:BiasGelu`, everyOpset, [
    { title: 'with a bias', inputs: [floats(2, 3, 4), floats(4)] }
  ]),
  ...cases(`${microsoft}:FastGelu`, everyOpset, [
    { title: 'with a bias', inputs: [floats(2, 3, 4), floats(4)] },
    { title: 'alone', inputs: [floats(2, 3, 4)] }
  ]),
  ...cases(`${microsoft}:QuickGelu`, everyOpset, [
    { title: 'as it comes', inputs: [floats(2, 3, 4)] },
    { title: 'with another slope', inputs: [floats(2, 3, 4)], attributes: { alpha: float(0.7) } }
  ])
]

const epsilon = { epsilon: float(1e-3) }

const norms = [
  ...cases('SimplifiedLayerNormalization', everyOpset, [
    {
      title: 'over the last axis',
      inputs: [floats(2, 3, 4), floats(4)],
      attributes: { axis: int(-1), ...epsilon }
    }
  ]),
  ...cases('RMSNormalization', newest, [
    { title: 'over the last axis', inputs: [floats(2, 3, 4), floats(4)], attributes: epsilon },
    {
      title: 'over two axes',
      inputs: [floats(2, 3, 4), floats(3, 4)],
      attributes: { axis: int(1), ...epsilon }
    }
  ]),
  ...cases(`${microsoft}:SkipSimplifiedLayerNormalization`, everyOpset, [
    {
      title: 'with a bias, and its sum',
      inputs: [floats(2, 3, 4), floats(2, 3, 4), floats(4), floats(4)],
      attributes: epsilon,
      outputs: [0, 3]
    },
    { title: 'without a bias', inputs: [floats(2, 3, 4), floats(2, 3, 4), floats(4)], attributes: epsilon }
  ]),
  ...cases(`${microsoft}:SkipLayerNormalization`, everyOpset, [
    {
      title: 'with shift and bias, and its sum',
      inputs: [floats(2, 3, 4), floats(2, 3, 4), floats(4), floats(4), floats(4)],
      attributes: epsilon,
      outputs: [0, 3]
    },
    {
      title: 'without a shift',
      inputs: [floats(2, 3, 4), floats(2, 3, 4), floats(4)],
      attributes: epsilon
    },
    {
      title: 'with one skip for all rows',
      inputs: [floats(2, 3, 4), floats(1, 3, 4), floats(4), floats(4)],
      attributes: epsilon
    }
  ]),
  ...cases(`${microsoft}:EmbedLayerNormalization`, everyOpset, [
    {
      title: 'with segments and counted positions',
      inputs: [
        ints([2, 3], [4, 0, 1, 2, 2, 3]),
        ints([2, 3], [0, 0, 1, 0, 1, 1]),
        ...[floats(5, 4), floats(6, 4), floats(2, 4), floats(4), floats(4)],
        ints([2, 3], [1, 1, 1, 1, 1, 0])
      ],
      attributes: epsilon,
      outputs: [0, 1]
    },
    {
      title: 'with positions and no segments',
      inputs: [
        ...[
          ints([2, 3], [4, 0, 1, 2, 2, 3]),
          undefined,
          floats(5, 4),
          floats(6, 4),
          undefined,
          floats(4),
          floats(4)
        ],
        ...[undefined, ints([2, 3], [2, 3, 4, 1, 0, 5])]
      ],
      attributes: epsilon
    }
  ])
]

const products = cases(`${microsoft}:FusedMatMul`, everyOpset, [
  { title: 'A B', inputs: [floats(2, 3, 4), floats(2, 4, 5)] },
  {
    title: 'α Aᵀ B',
    inputs: [floats(2, 4, 3), floats(4, 5)],
    attributes: { transA: int(1), alpha: float(0.3) }
  },
  { title: 'A Bᵀ', inputs: [floats(2, 3, 4), floats(2, 5, 4)], attributes: { transB: int(1) } },
  {
    title: 'Aᵀ Bᵀ',
    inputs: [floats(2, 4, 3), floats(2, 5, 4)],
    attributes: { transA: int(1), transB: int(1) }
  }
])

const places = longs([2, 3], [0, 1, 2, 3, 4, 5])
const start = longs([1], [2])

const rotations = [
  ...cases(`${microsoft}:RotaryEmbedding`, everyOpset, [
    { title: 'of heads', inputs: [floats(2, 2, 3, 4), places, floats(8, 2), floats(8, 2)] },
    { title: 'of a projection', inputs: [floats(2, 3, 8), places, floats(8, 2), floats(8, 2)] },
    { title: 'from one start', inputs: [floats(2, 3, 8), start, floats(8, 2), floats(8, 2)] },
    {
      title: 'of neighbours',
      inputs: [floats(2, 3, 8), places, floats(8, 2), floats(8, 2)],
      attributes: { interleaved: int(1) }
    },
    {
      title: 'of a part of each head',
      inputs: [floats(2, 3, 12), places, floats(8, 2), floats(8, 2)],
      attributes: { num_heads: int(2), rotary_embedding_dim: int(4) }
    }
  ]),
  ...cases('RotaryEmbedding', newest, [
    { title: 'of heads at angles', inputs: [floats(2, 2, 3, 4), floats(2, 3, 2), floats(2, 3, 2)] },
    { title: 'of heads at positions', inputs: [floats(2, 2, 3, 4), floats(8, 2), floats(8, 2), places] },
    {
      title: 'of neighbours in a part of a projection',
      inputs: [floats(2, 3, 12), floats(8, 2), floats(8, 2), places],
      attributes: { num_heads: int(2), rotary_embedding_dim: int(4), interleaved: int(1) }
    }
  ])
]

const twoHeads = { num_heads: int(2) }
const packed = [floats(2, 3, 5), floats(5, 12), floats(12)]

const packedAttention = cases(`${microsoft}:Attention`, everyOpset, [
  { title: 'without a mask', inputs: packed, attributes: twoHeads },
  {
    title: 'with a bias of scores',
    inputs: [...packed, undefined, undefined, floats(2, 2, 3, 3)],
    attributes: twoHeads
  },
  { title: 'of padded rows', inputs: [...packed, ints([2, 3], [1, 1, 0, 1, 1, 1])], attributes: twoHeads },
  { title: 'of rows of a length', inputs: [...packed, ints([2], [2, 3])], attributes: twoHeads },
  {
    title: 'with a mask per query',
    inputs: [...packed, ints([2, 3, 3], [1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1])],
    attributes: { ...twoHeads, mask_filter_value: float(-3.4e38) }
  },
  { title: 'causal', inputs: packed, attributes: { ...twoHeads, unidirectional: int(1), scale: float(0.9) } },
  {
    title: 'after a cache, causal',
    inputs: [...packed, undefined, floats(2, 2, 2, 2, 2)],
    attributes: { ...twoHeads, unidirectional: int(1) },
    outputs: [0, 1]
  },
  {
    title: 'with values of another width',
    inputs: [floats(2, 3, 5), floats(5, 14), floats(14)],
    attributes: { ...twoHeads, qkv_hidden_sizes: { ints: [4, 4, 6] } }
  }
])

const projected = [floats(2, 3, 4), floats(2, 5, 4), floats(2, 5, 6)]

const multiHeadAttention = cases(`${microsoft}:MultiHeadAttention`, everyOpset, [
  { title: 'across two sequences', inputs: projected, attributes: twoHeads },
  {
    title: 'with a bias, a mask of keys and a bias of scores',
    inputs: [...projected, floats(14), ints([2, 5], [1, 1, 1, 0, 0, 1, 1, 1, 1, 1]), floats(2, 2, 3, 5)],
    attributes: { ...twoHeads, scale: float(0.4) }
  },
  {
    title: 'after a cache, causal',
    inputs: [
      ...[floats(2, 3, 4), floats(2, 3, 4), floats(2, 3, 4), undefined, undefined, undefined],
      ...[floats(2, 2, 2, 2), floats(2, 2, 2, 2)]
    ],
    attributes: { ...twoHeads, unidirectional: int(1) },
    outputs: [0, 1, 2]
  },
  {
    title: 'of keys in heads',
    inputs: [floats(2, 3, 4), floats(2, 2, 5, 2), floats(2, 2, 5, 2)],
    attributes: twoHeads
  }
])

const grouped = { num_heads: int(4), kv_num_heads: int(2) }
/** The kernel turns heads of 16 and wider. */
const oneKey = { num_heads: int(2), kv_num_heads: int(1) }
/** One less than the tokens of each row; then the longest. */
const wholeRows = [ints([2], [3, 3]), ints([1], [4])]
const tables = [floats(8, 8), floats(8, 8)]

const groupedAttention = cases(`${microsoft}:GroupQueryAttention`, everyOpset, [
  {
    title: 'of projections',
    inputs: [floats(2, 4, 32), floats(2, 4, 16), floats(2, 4, 16), undefined, undefined, ...wholeRows],
    attributes: grouped
  },
  {
    title: 'packed, turned, with a window and a cap',
    inputs: [floats(2, 4, 64), undefined, undefined, undefined, undefined, ...wholeRows, ...tables],
    attributes: {
      ...oneKey,
      do_rotary: int(1),
      local_window_size: int(2),
      softcap: float(1.5),
      scale: float(0.6)
    },
    outputs: [0, 1, 2]
  },
  {
    title: 'turned by neighbours',
    inputs: [floats(2, 4, 64), undefined, undefined, undefined, undefined, ...wholeRows, ...tables],
    attributes: { ...oneKey, do_rotary: int(1), rotary_interleaved: int(1) }
  },
  {
    title: 'after a cache',
    inputs: [
      ...[floats(2, 1, 64), undefined, undefined, floats(2, 1, 3, 16), floats(2, 1, 3, 16)],
      ...[...wholeRows, ...tables]
    ],
    attributes: { ...oneKey, do_rotary: int(1) },
    outputs: [0, 1, 2]
  }
])

const standardAttention = cases('Attention', newest, [
  { title: 'in heads', inputs: [floats(2, 2, 3, 4), floats(2, 2, 5, 4), floats(2, 2, 5, 6)] },
  {
    title: 'of projections, grouped, causal, after a cache',
    inputs: [
      ...[floats(2, 3, 16), floats(2, 3, 8), floats(2, 3, 8), undefined],
      ...[floats(2, 2, 2, 4), floats(2, 2, 2, 4)]
    ],
    attributes: { q_num_heads: int(4), kv_num_heads: int(2), is_causal: int(1) },
    outputs: [0, 1, 2]
  },
  {
    title: 'with truth values and a scale',
    inputs: [
      ...[floats(2, 2, 3, 4), floats(2, 2, 3, 4), floats(2, 2, 3, 4)],
      truths([2, 1, 3, 3], [1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0])
    ],
    attributes: { scale: float(0.8) }
  },
  {
    title: 'with a bias and a cap',
    inputs: [floats(2, 2, 3, 4), floats(2, 2, 3, 4), floats(2, 2, 3, 4), floats(3, 3)],
    attributes: { softcap: float(1.2) }
  }
])

const attentionOfLengths = cases(
  'Attention',
  [24],
  [
    {
      title: 'over caches filled to a length',
      inputs: [
        ...[floats(2, 2, 3, 4), floats(2, 2, 5, 4), floats(2, 2, 5, 4), undefined, undefined, undefined],
        longs([2], [3, 5])
      ]
    }
  ]
)

export const fusedCases: readonly FusedCase[] = [
  ...activations,
  ...norms,
  ...products,
  ...rotations,
  ...packedAttention,
  ...multiHeadAttention,
  ...groupedAttention,
  ...standardAttention,
  ...attentionOfLengths
]
