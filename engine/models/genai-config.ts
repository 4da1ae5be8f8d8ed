/** `genai_config.json`, which onnxruntime-genai writes in the place of `config.json`. */
import { z } from 'zod'

const size = z.int().positive().optional()

export const genaiConfigSchema = z.looseObject({
  model: z.looseObject({
    type: z.string(),
    vocab_size: size,
    context_length: size,
    decoder: z.looseObject({
      hidden_size: size,
      head_size: size,
      num_attention_heads: size,
      num_key_value_heads: size
    }),
    encoder: z.unknown().optional(),
    vision: z.unknown().optional()
  })
})

/** The same settings under the names of `config.json`. The type is the architecture's name up to `ForCausalLM`, in lower case. */
export function asConfigJson({ model }: z.output<typeof genaiConfigSchema>): Record<string, unknown> {
  const { type, vocab_size, context_length, decoder, encoder, vision } = model
  const { hidden_size, head_size, num_attention_heads, num_key_value_heads } = decoder
  return {
    model_type: type,
    architectures: encoder === undefined ? [`${type}ForCausalLM`] : undefined,
    is_encoder_decoder: encoder !== undefined,
    vocab_size,
    max_position_embeddings: context_length,
    hidden_size,
    head_dim: head_size,
    num_attention_heads,
    num_key_value_heads,
    vision_config: vision
  }
}
