/** A model folder of BERT-base's size with random weights, and examples in its words. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Example } from '#engine/common/contract/tasks.ts'
import { bertBase, writeBertBase } from './bert-base.ts'

export const word = (index: number): string => `word${index}`

/** A vocabulary of so many tokens: BERT's special ones, and words. */
export async function writeVocabulary(folder: string, tokens: number): Promise<void> {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  const words = Array.from({ length: tokens - special.length }, (_, index) => word(index))
  await writeFile(join(folder, 'vocab.txt'), [...special, ...words].join('\n'))
}

/** A model folder around the random model: as many words as its table has rows. */
export async function writeBertFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'onnx'))
  await rename(await writeBertBase(folder), join(folder, 'onnx/model.onnx'))
  await writeVocabulary(folder, bertBase.vocabulary)
  const { vocabulary, hidden, positions } = bertBase
  const config = {
    model_type: 'bert',
    vocab_size: vocabulary,
    hidden_size: hidden,
    max_position_embeddings: positions
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
}

/** Subjects of one to four words, each with one of the first so many words as its label. */
export function makeExamples(count: number, candidateWords: number): Example[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    input: Array.from({ length: 1 + (index % 4) }, (_, at) => word(37 * index + at)).join(' '),
    label: word((index * 101) % candidateWords)
  }))
}
