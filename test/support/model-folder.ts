/** Small model folders for tests: a WordPiece vocabulary, a config.json, and whatever weights a test adds. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { floatTensor, writeSafetensors } from './safetensors-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Eight tokens, one of them reserved. */
export const tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '[unused0]', 'the', 'river']

/** A folder without weights; `settings` go into config.json beside `bert`'s own. */
export async function modelFolder(settings: Record<string, unknown> = {}): Promise<string> {
  const folder = await temporaryFolder()
  const config = { model_type: 'bert', vocab_size: tokens.length, hidden_size: 4, ...settings }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  await writeFile(join(folder, 'vocab.txt'), `${tokens.join('\n')}\n`)
  return folder
}

/** A model of a table alone, `[8, 4]`: it has no graph to run. */
export async function tableAlone(): Promise<string> {
  const folder = await modelFolder()
  const values = Array.from({ length: 32 }, (_, i) => Math.cos(i))
  await writeSafetensors(join(folder, 'model.safetensors'), {
    'bert.embeddings.word_embeddings.weight': floatTensor([tokens.length, 4], values)
  })
  return folder
}
