/** A folder with the file of a small WordPiece tokenizer, right or wrong as a test wants it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

/** The description of a tokenizer of these tokens, which pieces nothing together. */
export function describedTokenizer(tokens: readonly string[]) {
  return {
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id]))
    }
  }
}

/** A new folder whose `tokenizer.json` holds the description. */
export async function tokenizerFolder(description: object): Promise<string> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(description))
  return folder
}
