/** A file that would keep the engine busy for ever: it takes as long as a text is given, which is why it is not a quick test. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('a tokenizer whose expression backtracks without end stops at a text that shows it', async () => {
  const folder = await temporaryFolder()
  const described = {
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      vocab: { '[UNK]': 0, '[CLS]': 1, '[SEP]': 2, '[PAD]': 3, '[MASK]': 4 }
    }
  }
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(described))
  const tokenizer = await openTokenizer(folder)
  expect(() => tokenizer.encode(`${'a'.repeat(60)}b`)).toThrow(
    expect.objectContaining({ code: 'unsupported' })
  )
})
