/** ALBERT (`modeling_albert.py`): narrow embeddings, and groups of layers that several steps share. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { selfAttention } from '../layers/attention.ts'
import { bertEmbeddings } from '../layers/bert-embeddings.ts'
import { requireHead, vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesAll } from '../layers/visibility.ts'
import { only, size } from '../settings.ts'

export const albert = architecture(
  z.object({
    vocab_size: size.default(30_000),
    embedding_size: size.default(128),
    hidden_size: size.default(4096),
    num_hidden_layers: size.default(12),
    num_hidden_groups: size.default(1),
    inner_group_num: size.default(1),
    num_attention_heads: size.default(64),
    intermediate_size: size.default(16_384),
    hidden_act: activation('gelu_new'),
    max_position_embeddings: size.default(512),
    type_vocab_size: size.default(2),
    layer_norm_eps: z.number().default(1e-12),
    position_embedding_type: only('absolute'),
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const {
      vocab_size: vocabulary,
      embedding_size: width,
      hidden_size: hidden,
      layer_norm_eps: epsilon
    } = settings
    const { num_hidden_layers: layers, num_hidden_groups: groups, intermediate_size: inner } = settings
    const { num_attention_heads: heads, hidden_act: act } = settings
    const norm = (x: string, name: string) => layerNorm(model, x, name, { width: hidden, epsilon })
    const embedded = bertEmbeddings(model, 'albert.embeddings', {
      vocabulary,
      width,
      positions: settings.max_position_embeddings,
      types: settings.type_vocab_size,
      epsilon
    })
    const biases = [seesAll(model)]
    const albertLayer = (x: string, name: string): string => {
      const [query, key, value, output] = ['query', 'key', 'value', 'dense'].map(
        (part) => `${name}.attention.${part}`
      )
      const names = { query, key, value, output }
      const attended = selfAttention(model, x, names, { width: hidden, heads, biases })
      const middle = norm(model.node('Add', [attended, x]), `${name}.attention.LayerNorm`)
      const raised = linear(model, middle, `${name}.ffn`, { inputs: hidden, outputs: inner })
      const sizes = { inputs: inner, outputs: hidden }
      const lowered = linear(model, activate(model, act, raised), `${name}.ffn_output`, sizes)
      return norm(model.node('Add', [lowered, middle]), `${name}.full_layer_layer_norm`)
    }
    const sizes = { inputs: width, outputs: hidden }
    let x = linear(model, embedded, 'albert.encoder.embedding_hidden_mapping_in', sizes)
    for (let layer = 0; layer < layers; layer++) {
      const group = Math.trunc(layer / (layers / groups))
      for (let inside = 0; inside < settings.inner_group_num; inside++) {
        x = albertLayer(x, `albert.encoder.albert_layer_groups.${group}.albert_layers.${inside}`)
      }
    }
    const predictions = requireHead(model, 'predictions')
    const dense = linear(model, x, `${predictions}.dense`, { inputs: hidden, outputs: width })
    const activated = activate(model, act, dense)
    const transformed = layerNorm(model, activated, `${predictions}.LayerNorm`, { width, epsilon })
    return vocabularyHead(model, transformed, {
      vocabulary,
      width,
      tiedTo: settings.tie_word_embeddings ? 'albert.embeddings.word_embeddings' : undefined,
      own: 'predictions.decoder',
      bias: 'predictions.bias'
    })
  }
)
