/** Small model folders for tests: a WordPiece vocabulary, a config.json, and whatever weights a test adds. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
