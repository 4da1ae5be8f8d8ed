/** ELECTRA's generator (`modeling_electra.py`): BERT's encoder over embeddings that may be narrower. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { bertEmbeddings } from '../layers/bert-embeddings.ts'
import { encoder } from '../layers/encoder.ts'
import { requireHead, vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesAll } from '../layers/visibility.ts'
import { off, only, size } from '../settings.ts'

export const electra = architecture(
  z.object({
    vocab_size: size.default(30_522),
    embedding_size: size.default(128),
    hidden_size: size.default(256),
    num_hidden_layers: size.default(12),
    num_attention_heads: size.default(4),
    intermediate_size: size.default(1024),
    hidden_act: activation('gelu'),
    max_position_embeddings: size.default(512),
    type_vocab_size: size.default(2),
    layer_norm_eps: z.number().default(1e-12),
    position_embedding_type: only('absolute'),
    is_decoder: off,
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const {
      vocab_size: vocabulary,
      embedding_size: width,
      hidden_size: hidden,
      layer_norm_eps: epsilon
    } = settings
    const embedded = bertEmbeddings(model, 'electra.embeddings', {
      vocabulary,
      width,
      positions: settings.max_position_embeddings,
      types: settings.type_vocab_size,
      epsilon
    })
    const widened =
      width === hidden
        ? embedded
        : linear(model, embedded, 'electra.embeddings_project', { inputs: width, outputs: hidden })
    const encoded = encoder(model, widened, 'electra.encoder.layer', settings, [seesAll(model)])
    const predictions = requireHead(model, 'generator_predictions')
    const dense = linear(model, encoded, `${predictions}.dense`, { inputs: hidden, outputs: width })
    // The head's activation is GELU whatever the layers have.
    const activated = activate(model, 'gelu', dense)
    const transformed = layerNorm(model, activated, `${predictions}.LayerNorm`, { width, epsilon })
    return vocabularyHead(model, transformed, {
      vocabulary,
      width,
      tiedTo: settings.tie_word_embeddings ? 'electra.embeddings.word_embeddings' : undefined,
      own: 'generator_lm_head',
      bias: 'generator_lm_head.bias'
    })
  }
)
