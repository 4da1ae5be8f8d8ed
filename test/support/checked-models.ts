/**
 * The reference models as people's folders of models have them: each with a `reference.safetensors` of the keys table,
 * prompt, ids, attention, positions, labels, answers, loss and gradient, whose numbers are PyTorch's.
 */
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { moreModels, referenceFolder, referenceModelFolder } from './reference-models.ts'
import { type ReferenceTensor, readReference, referenceTensor } from './safetensors.ts'
import { floatTensor, writeSafetensors } from './safetensors-file.ts'

/** What the models lack that have a graph and numbers alone. */
const missingSettings: Readonly<Record<string, object>> = {
  distilbert: { model_type: 'distilbert', architectures: ['DistilBertForMaskedLM'] },
  llama: { model_type: 'llama', architectures: ['LlamaForCausalLM'] }
}

export const checkedFamilies = ['albert', 'bert', 'distilbert', 'gpt2', 'llama', 'roberta'] as const
export type CheckedFamily = (typeof checkedFamilies)[number]

/** A vocabulary of so many words; none of them is used. */
function vocabulary(size: number): string {
  const reserved = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  return Array.from({ length: size }, (_, id) => `${reserved[id] ?? `word${id}`}\n`).join('')
}

type Changes = (tensors: Record<string, ReferenceTensor>) => void

/** The numbers of a reference model under the other keys. */
async function renamed(path: string): Promise<Record<string, ReferenceTensor>> {
  const reference = await readReference(path)
  const tensor = (name: string): ReferenceTensor => referenceTensor(reference, name)
  const [rows, length] = tensor('input_ids').shape
  const [vectors] = tensor('prompt').shape
  const start = tensor('prompt_start').values[0]
  const ids = tensor('input_ids').values.slice()
  for (let row = 0; row < rows; row++) {
    for (let vector = 0; vector < vectors; vector++) ids[row * length + start + vector] = -1 - vector
  }
  const { shape, values: logits } = tensor('prompted_logits')
  const vocabulary = shape[2]
  const answers = [...tensor('label_positions').values].flatMap((position, row) => {
    const at = (row * length + position) * vocabulary
    return [...logits.subarray(at, at + vocabulary)]
  })
  return {
    table: tensor('word_embeddings'),
    prompt: tensor('prompt'),
    ids: { shape: [rows, length], values: ids },
    attention: tensor('attention_mask'),
    positions: tensor('label_positions'),
    labels: tensor('labels'),
    answers: { shape: [rows, vocabulary], values: Float32Array.from(answers) },
    loss: tensor('loss'),
    gradient: tensor('prompt_grad')
  }
}

/**
 * Writes a family's model with its numbers.
 * @param folder to make
 * @param change what to spoil in the numbers
 */
export async function writeCheckedModel(
  family: CheckedFamily,
  folder: string,
  change: Changes = () => {}
): Promise<void> {
  const settings = missingSettings[family]
  const original = referenceModelFolder(family, settings === undefined ? referenceFolder : moreModels)
  await cp(original, folder, { recursive: true })
  const path = join(folder, 'reference.safetensors')
  const numbers = await renamed(path)
  if (settings !== undefined) {
    await writeFile(join(folder, 'config.json'), JSON.stringify(settings))
    await writeFile(join(folder, 'vocab.txt'), vocabulary(numbers['table'].shape[0]))
  }
  change(numbers)
  const tensors = Object.entries(numbers).map(([name, { shape, values }]) => [
    name,
    floatTensor(shape, values)
  ])
  await writeSafetensors(path, Object.fromEntries(tensors))
}
