/** The sizes that make one of the sample's models, and its settings as `config.json` says them. */

export type LanguageModelFamily = 'bert' | 'roberta' | 'albert' | 'gpt2'

export type LanguageModelShape = {
  readonly family: LanguageModelFamily
  /** `V`, rows of the word-embedding table. */
  readonly vocabulary: number
  /** `e`, width of the word embeddings; smaller than `hidden` in ALBERT alone. */
  readonly embedding: number
  /** `d`, width of the layers. */
  readonly hidden: number
  /** Width of the feed-forward layers, usually `4·d`. */
  readonly inner: number
  readonly layers: number
  readonly heads: number
  /** Longest sequence, in tokens. */
  readonly positions: number
}

const architectures = {
  bert: 'BertForMaskedLM',
  roberta: 'RobertaForMaskedLM',
  albert: 'AlbertForMaskedLM',
  gpt2: 'GPT2LMHeadModel'
} as const

/** What `config.json` of the family says; field names as Hugging Face's. */
export function modelConfig(shape: LanguageModelShape): object {
  const { family, vocabulary, embedding, hidden, inner, layers, heads, positions } = shape
  const common = { architectures: [architectures[family]], model_type: family, vocab_size: vocabulary }
  if (family === 'gpt2') {
    return {
      ...common,
      n_embd: hidden,
      n_inner: inner,
      n_layer: layers,
      n_head: heads,
      n_positions: positions
    }
  }
  return {
    ...common,
    hidden_size: hidden,
    ...(family === 'albert' ? { embedding_size: embedding } : {}),
    intermediate_size: inner,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    max_position_embeddings: positions,
    // The sample's RoBERTa has no token types: its first would be one more bias.
    ...(family === 'roberta' ? { pad_token_id: 1, type_vocab_size: 0 } : { type_vocab_size: 2 })
  }
}
