/**
 * The tensors of a GGUF file under the names that `transformers` has for them, and as it holds them: what llama.cpp's
 * converter (`convert_hf_to_gguf.py`) changes is undone when values are read.
 */
import type { StoredTensor } from '#engine/files/stored-tensor.ts'

/** Names of the parts of a layer, `blk.N.` before them in GGUF. */
const decoderParts: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj'
}

/** Gemma 2 and 3 have a norm after each part too. */
const gemmaParts: Readonly<Record<string, string>> = {
  ...decoderParts,
  post_attention_norm: 'post_attention_layernorm',
  ffn_norm: 'pre_feedforward_layernorm',
  post_ffw_norm: 'post_feedforward_layernorm'
}

const gpt2Parts: Readonly<Record<string, string>> = {
  attn_norm: 'ln_1',
  attn_qkv: 'attn.c_attn',
  attn_output: 'attn.c_proj',
  ffn_norm: 'ln_2',
  ffn_up: 'mlp.c_fc',
  ffn_down: 'mlp.c_proj'
}

type Names = {
  /** Before the number of a layer. */
  readonly layers: string
  readonly parts: Readonly<Record<string, string>>
  readonly others: Readonly<Record<string, string>>
}

const decoderNames: Names = {
  layers: 'model.layers',
  parts: decoderParts,
  others: { token_embd: 'model.embed_tokens', output_norm: 'model.norm', output: 'lm_head' }
}

function namesOf(architecture: string): Names {
  switch (architecture) {
    case 'gpt2':
      return {
        layers: 'transformer.h',
        parts: gpt2Parts,
        others: {
          token_embd: 'transformer.wte',
          position_embd: 'transformer.wpe',
          output_norm: 'transformer.ln_f',
          output: 'lm_head'
        }
      }
    case 'gemma2':
    case 'gemma3':
      return { ...decoderNames, parts: gemmaParts }
    default:
      return decoderNames
  }
}

/** `blk.3.attn_q.weight` as layer, part and ending. */
const inLayer = /^blk\.(\d+)\.(.+)\.(weight|bias)$/
const outside = /^(.+)\.(weight|bias)$/

function renamed(name: string, names: Names): string {
  const [, layer, part = '', ending] = inLayer.exec(name) ?? []
  if (Object.hasOwn(names.parts, part)) return `${names.layers}.${layer}.${names.parts[part]}.${ending}`
  const [, other = '', last] = outside.exec(name) ?? []
  return Object.hasOwn(names.others, other) ? `${names.others[other]}.${last}` : name
}

/** What the converter changed of a tensor. */
type Change = { readonly shape: readonly number[]; readonly undo: (values: Float32Array) => Float32Array }

/** Rows of `heads` heads, halves of each interleaved for llama.cpp's rotation, as they were: first half, second half. */
function withHalvesApart(values: Float32Array, heads: number, rows: number): Float32Array {
  const width = values.length / rows
  const [perHead, half] = [rows / heads, rows / heads / 2]
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    const [head, within] = [Math.floor(row / perHead), row % perHead]
    const target = head * perHead + (within % 2) * half + Math.floor(within / 2)
    result.set(values.subarray(row * width, (row + 1) * width), target * width)
  }
  return result
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]
  return result
}

/** Heads of queries, and of keys and values. */
export type HeadCounts = { readonly queries: number; readonly keys: number }

function changeOf(
  { name, shape }: StoredTensor,
  architecture: string,
  { queries, keys }: HeadCounts
): Change | undefined {
  if (architecture === 'llama' && /\.attn_[qk]\.(weight|bias)$/.test(name)) {
    const heads = name.includes('attn_q') ? queries : keys
    return { shape, undo: (values) => withHalvesApart(values, heads, shape[0]) }
  }
  if (architecture.startsWith('gemma') && name.endsWith('norm.weight')) {
    // Stored with the 1 that the model adds.
    return { shape, undo: (values) => values.map((value) => value - 1) }
  }
  if (architecture === 'gpt2' && /\.(attn_qkv|attn_output|ffn_up|ffn_down)\.weight$/.test(name)) {
    const [rows, columns] = shape
    return { shape: [columns, rows], undo: (values) => transposed(values, rows, columns) }
  }
  return undefined
}

/** Tensors as `transformers` names and holds them; those that are computed have no place in the file. */
export function checkpointTensors(
  tensors: readonly StoredTensor[],
  architecture: string,
  heads: HeadCounts
): StoredTensor[] {
  const names = namesOf(architecture)
  return tensors.map((tensor) => {
    const name = renamed(tensor.name, names)
    const change = changeOf(tensor, architecture, heads)
    if (change === undefined) return { ...tensor, name }
    const { offset: _, visit: __, ...computed } = tensor
    return {
      ...computed,
      name,
      shape: change.shape,
      read: async (signal, onValues) => {
        const values = change.undo(await tensor.read(signal))
        await onValues?.(values, values.length)
        return values
      }
    }
  })
}
