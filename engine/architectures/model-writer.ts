/**
 * What families write their graphs with: an emitter, which knows the shape of everything that it adds, together with
 * the inputs and the weights of the model.
 */
import { dataTypes } from '#engine/onnx/build-messages.ts'
import { transposeMatrix, unsqueeze } from '#engine/onnx/gradients/emit-shapes.ts'
import { type Emitter, emitterFor } from '#engine/onnx/gradients/emitter.ts'
import { beginShapes } from '#engine/onnx/gradients/shapes/infer-shapes.ts'
import type { GraphBuilder } from '#engine/onnx/graph-builder.ts'
import { visibleInput } from '#engine/onnx/token-inputs.ts'
import type { WeightSource, WeightStart } from './weight-source.ts'

export const opset = 17

export type TokenInput =
  | 'input_ids'
  | 'attention_mask'
  | 'token_type_ids'
  | 'decoder_input_ids'
  | 'position_ids'

/** Whether each row of a batch is one sequence, or rows may hold several (of causal models). */
export type RowLayout = 'one sequence' | 'several sequences'

/** What a graph is told where rows may hold several sequences. */
export type PackedRows = {
  /** int64 `[batch_size, sequence_length]`: a token's position in its sequence. */
  readonly positions: string
  /** bool `[batch_size, 1, sequence_length, sequence_length]`: whether a token sees another. */
  readonly visible: string
}

export type ModelWriter = Emitter & {
  /** A float32 constant without axes. */
  readonly number: (value: number) => string
  /** A float32 constant `[values.length]`. */
  readonly numbers: (values: readonly number[]) => string
  /** Whether the checkpoint has a weight of this name. */
  readonly hasWeight: (name: string) => boolean
  /** A weight as float32. */
  readonly weight: (name: string, dims: readonly number[], start: WeightStart) => string
  /** The matrix `[inputs, outputs]` of a linear layer that is stored as PyTorch stores them. */
  readonly matrix: (name: string, inputs: number, outputs: number) => string
  /** A table to look rows up in, in the type that it is stored in. */
  readonly table: (name: string, rows: number, width: number) => string
  /** An input `[batch_size, sequence_length]` of whole numbers; the decoder's has a length of its own. */
  readonly tokenInput: (name: TokenInput) => string
  /** Undefined where a row is one sequence. */
  readonly packed: PackedRows | undefined
}

/** The axes of inputs and logits, by name: those of the tokens that are asked about, and of what a decoder was given. */
export const tokenAxes = ['batch_size', 'sequence_length'] as const
export const decoderAxes = ['batch_size', 'decoder_sequence_length'] as const

/** Starts writing into an empty graph of operator set {@link opset}. */
export function modelWriter(
  graph: GraphBuilder,
  source: WeightSource,
  layout: RowLayout = 'one sequence'
): ModelWriter {
  const shapes = beginShapes(graph.model.graph, opset)
  const emit = emitterFor(graph, shapes, opset)
  const known = new Set<string>()

  const stored = (name: string, dims: readonly number[], start: WeightStart): string => {
    if (known.has(name)) return name
    known.add(name)
    const tensor = source.initializer(name, dims, start)
    graph.model.graph.initializer.push({ ...tensor, name: graph.freshName(name) })
    shapes.note(name, { elementType: tensor.dataType, shape: [...dims] })
    return name
  }
  const weight: ModelWriter['weight'] = (name, dims, start) => asFloat32(emit, stored(name, dims, start))
  const tokenInput: ModelWriter['tokenInput'] = (name) => {
    if (known.has(name)) return name
    known.add(name)
    const axes = name === 'decoder_input_ids' ? decoderAxes : tokenAxes
    shapes.note(name, { elementType: dataTypes.int64, shape: [...axes] })
    return graph.input(name, 'int64', axes)
  }
  const packedRows = (): PackedRows => {
    const [batch, length] = tokenAxes
    const dims = [batch, length, length]
    shapes.note(visibleInput, { elementType: dataTypes.bool, shape: dims })
    return {
      positions: tokenInput('position_ids'),
      visible: unsqueeze(emit, graph.input(visibleInput, 'bool', dims), [1])
    }
  }
  return {
    ...emit,
    packed: layout === 'one sequence' ? undefined : packedRows(),
    // Like a tensor that is not known: float32.
    number: (value) => emit.scalar(value, ''),
    numbers: (values) => {
      const name = graph.initializer('numbers', 'float32', [values.length], Float32Array.from(values))
      shapes.note(name, { elementType: dataTypes.float32, shape: [values.length] })
      return name
    },
    hasWeight: source.has,
    weight,
    matrix: (name, inputs, outputs) =>
      source.matrices === 'in-out'
        ? weight(name, [inputs, outputs], 'normal')
        : transposeMatrix(emit, weight(name, [outputs, inputs], 'normal')),
    table: (name, rows, width) => stored(name, [rows, width], 'normal'),
    tokenInput
  }
}

/** Half-precision values as float32, which every model computes in. */
export function asFloat32(emit: Emitter, x: string): string {
  return emit.facts(x).elementType === dataTypes.float32
    ? x
    : emit.node('Cast', [x], { to: { int: dataTypes.float32 } })
}
