/** BERT (`modeling_bert.py`): embeddings, layers with normalisation after each part, and a head that transforms. */
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

export const bert = architecture(
  z.object({
    vocab_size: size.default(30_522),
    hidden_size: size.default(768),
    num_hidden_layers: size.default(12),
    num_attention_heads: size.default(12),
    intermediate_size: size.default(3072),
    hidden_act: activation('gelu'),
    max_position_embeddings: size.default(512),
    type_vocab_size: size.default(2),
    layer_norm_eps: z.number().default(1e-12),
    position_embedding_type: only('absolute'),
    is_decoder: off,
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const { vocab_size: vocabulary, hidden_size: width, layer_norm_eps: epsilon } = settings
    const embedded = bertEmbeddings(model, 'bert.embeddings', {
      vocabulary,
      width,
      positions: settings.max_position_embeddings,
      types: settings.type_vocab_size,
      epsilon
    })
    const encoded = encoder(model, embedded, 'bert.encoder.layer', settings, [seesAll(model)])
    const transform = requireHead(model, 'cls.predictions.transform')
    const dense = linear(model, encoded, `${transform}.dense`, { inputs: width, outputs: width })
    const activated = activate(model, settings.hidden_act, dense)
    const transformed = layerNorm(model, activated, `${transform}.LayerNorm`, { width, epsilon })
    return vocabularyHead(model, transformed, {
      vocabulary,
      width,
      tiedTo: settings.tie_word_embeddings ? 'bert.embeddings.word_embeddings' : undefined,
      own: 'cls.predictions.decoder',
      bias: 'cls.predictions.bias'
    })
  }
)
