/** A trained model as a folder in the layout of transformers.js: config, tokenizer, ONNX graph. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildLanguageModel } from '#engine/onnx/language-models/build-language-model.ts'
import type { LanguageModelShape } from '#engine/onnx/language-models/language-model-shape.ts'
import type { TokenizerFiles } from '../tokenizers/tokenizer-files.ts'
import { type Weights, weightSource } from './weights.ts'

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
    ...(family === 'roberta' ? { pad_token_id: 1 } : { type_vocab_size: 2 })
  }
}

/** Tokens that fit into a model: RoBERTa's first two positions are taken. */
export function longestSequence(shape: LanguageModelShape): number {
  return shape.family === 'roberta' ? shape.positions - 2 : shape.positions
}

/** Writes the tokenizer's files, from which the tokenizer is opened for training too. */
export async function writeTokenizer(folder: string, files: TokenizerFiles, shape: LanguageModelShape) {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(files.tokenizer))
  const config = { ...files.config, model_max_length: longestSequence(shape) }
  await writeFile(join(folder, 'tokenizer_config.json'), `${JSON.stringify(config, null, 2)}\n`)
}

/** Writes the graph with its weights, and last the config: a folder with a config is complete. */
export async function writeModel(folder: string, shape: LanguageModelShape, weights: Weights): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true })
  const graph = buildLanguageModel(shape, weightSource(weights))
  await writeFile(join(folder, 'onnx', 'model.onnx'), graph.build())
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(modelConfig(shape), null, 2)}\n`)
}
