/** A trained model as a folder in the layout of transformers.js: config, tokenizer, ONNX graph. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TokenizerFiles } from '../tokenizers/tokenizer-files.ts'
import { type LanguageModelShape, modelConfig } from './language-model-shape.ts'
import { trainedGraph, type Weights } from './weights.ts'

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
  const graph = trainedGraph(shape, weights)
  await writeFile(join(folder, 'onnx', 'model.onnx'), graph.build())
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(modelConfig(shape), null, 2)}\n`)
}
