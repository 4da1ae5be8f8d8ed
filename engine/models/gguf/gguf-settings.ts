/** The settings of a GGUF file under the names that `config.json` has for them. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { GgufHeader, GgufValue } from '#engine/files/gguf/header.ts'

/** Reads settings of the checked type; undefined where there is none. */
export type Settings = {
  readonly number: (name: string) => number | undefined
  readonly text: (name: string) => string | undefined
  readonly flag: (name: string) => boolean | undefined
  readonly texts: (name: string) => readonly string[] | undefined
  readonly numbers: (name: string) => readonly number[] | undefined
}

function isList<T extends GgufValue>(
  value: GgufValue | undefined,
  is: (item: GgufValue) => item is T
): value is readonly T[] {
  return Array.isArray(value) && value.every(is)
}

const isText = (value: GgufValue): value is string => typeof value === 'string'
const isNumber = (value: GgufValue): value is number => typeof value === 'number'

export function settingsOf({ settings }: GgufHeader): Settings {
  return {
    number: (name) => {
      const value = settings.get(name)
      return typeof value === 'number' ? value : undefined
    },
    text: (name) => {
      const value = settings.get(name)
      return typeof value === 'string' ? value : undefined
    },
    flag: (name) => {
      const value = settings.get(name)
      return typeof value === 'boolean' ? value : undefined
    },
    texts: (name) => {
      const value = settings.get(name)
      return isList(value, isText) ? value : undefined
    },
    numbers: (name) => {
      const value = settings.get(name)
      return isList(value, isNumber) ? value : undefined
    }
  }
}

/** Families by llama.cpp's names, with the names that transformers has for them. */
const families: ReadonlyMap<string, { readonly type: string; readonly architecture: string }> = new Map([
  ['gemma', { type: 'gemma', architecture: 'GemmaForCausalLM' }],
  ['gemma2', { type: 'gemma2', architecture: 'Gemma2ForCausalLM' }],
  ['gemma3', { type: 'gemma3_text', architecture: 'Gemma3ForCausalLM' }],
  ['gpt2', { type: 'gpt2', architecture: 'GPT2LMHeadModel' }],
  ['llama', { type: 'llama', architecture: 'LlamaForCausalLM' }],
  ['qwen2', { type: 'qwen2', architecture: 'Qwen2ForCausalLM' }],
  ['qwen3', { type: 'qwen3', architecture: 'Qwen3ForCausalLM' }]
])

/** What is needed beside the settings. */
export type GgufFacts = {
  readonly path: string
  readonly settings: Settings
  /** Names of the tensors. */
  readonly names: ReadonlySet<string>
  /** Tokens of the vocabulary. */
  readonly vocabularySize: number
  /** What each pair's angle is divided by (`rope_freqs.weight`, Llama 3.1 and later), where the file has it. */
  readonly rotaryFactors: readonly number[] | undefined
}

/** llama.cpp's name of the architecture. @throws `file-malformed` without one */
export function architectureOf({ settings, path }: Pick<GgufFacts, 'settings' | 'path'>): string {
  const name = settings.text('general.architecture')
  if (name !== undefined) return name
  throw new AnchorageError('file-malformed', 'The GGUF file does not say what model it holds.', {
    where: path,
    found: 'no general.architecture',
    expected: 'a file that llama.cpp’s converter wrote',
    next: 'Convert the model again with a current llama.cpp.'
  })
}

/** What `config.json` would say of the model. A family that is not known has its sizes alone. */
export function configOf(facts: GgufFacts): Record<string, unknown> {
  const { settings, names } = facts
  const name = architectureOf(facts)
  const family = families.get(name)
  const of = (key: string): number | undefined => settings.number(`${name}.${key}`)
  const common = {
    model_type: family?.type ?? name,
    ...(family === undefined ? {} : { architectures: [family.architecture] }),
    vocab_size: facts.vocabularySize,
    tie_word_embeddings: !names.has('output.weight')
  }
  if (name === 'gpt2') {
    return definedOnly({
      ...common,
      n_embd: of('embedding_length'),
      n_layer: of('block_count'),
      n_head: of('attention.head_count'),
      n_inner: of('feed_forward_length'),
      n_positions: of('context_length'),
      layer_norm_epsilon: of('attention.layer_norm_epsilon')
    })
  }
  const hidden = of('embedding_length')
  const heads = of('attention.head_count')
  const headWidth = of('attention.key_length') ?? of('rope.dimension_count')
  return definedOnly({
    ...common,
    hidden_size: hidden,
    num_hidden_layers: of('block_count'),
    intermediate_size: of('feed_forward_length'),
    num_attention_heads: heads,
    num_key_value_heads: of('attention.head_count_kv') ?? heads,
    head_dim: headWidth,
    max_position_embeddings: of('context_length'),
    rms_norm_eps: of('attention.layer_norm_rms_epsilon'),
    attention_bias: name === 'llama' && names.has('blk.0.attn_q.bias'),
    ...rotationOf(facts, name),
    ...(name.startsWith('gemma') ? gemmaSettings(of, { hidden, heads, headWidth }) : {})
  })
}

type NumberOf = (key: string) => number | undefined

/** Layers of the models whose scores are scaled by the width per head instead of the head's: 27 B of Gemma 2 and 3. */
const scaledByWidth: readonly (number | undefined)[] = [46, 62]

function gemmaSettings(
  of: NumberOf,
  { hidden, heads, headWidth }: Record<'hidden' | 'heads' | 'headWidth', number | undefined>
): Record<string, unknown> {
  const perHead = hidden === undefined || heads === undefined ? undefined : hidden / heads
  return {
    sliding_window: of('attention.sliding_window'),
    attn_logit_softcapping: of('attn_logit_softcapping'),
    final_logit_softcapping: of('final_logit_softcapping'),
    query_pre_attn_scalar: scaledByWidth.includes(of('block_count')) ? perHead : headWidth
  }
}

/** The rotation: its base, and what long contexts change of it. */
function rotationOf({ settings, rotaryFactors, path }: GgufFacts, name: string): Record<string, unknown> {
  const theta = settings.number(`${name}.rope.freq_base`)
  const kind = settings.text(`${name}.rope.scaling.type`) ?? 'none'
  const factor = settings.number(`${name}.rope.scaling.factor`)
  if (rotaryFactors !== undefined) {
    // Divided pair by pair, whatever the length: longrope with one list of factors, which scales nothing else.
    const factors = { short_factor: rotaryFactors, long_factor: rotaryFactors }
    return { rope_theta: theta, rope_scaling: { rope_type: 'longrope', ...factors, attention_factor: 1 } }
  }
  if (kind === 'none' || factor === undefined || factor === 1) return { rope_theta: theta }
  if (kind !== 'linear') {
    throw new AnchorageError('unsupported', 'This scaling of rotary positions is not read from GGUF.', {
      where: `${path}, setting ${name}.rope.scaling.type`,
      found: kind,
      expected: 'none or linear',
      next: 'Use the model in its original form: config.json with model.safetensors.'
    })
  }
  return { rope_theta: theta, rope_scaling: { rope_type: 'linear', factor } }
}

function definedOnly(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
