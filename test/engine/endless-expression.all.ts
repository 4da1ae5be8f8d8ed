/** A file that would keep the engine busy for ever: it takes as long as a text is given, which is why it is not a quick test. */
import { expect, it } from 'vitest'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { describedTokenizer, tokenizerFolder } from '#test/support/tokenizer-folder.ts'

it('a tokenizer whose expression backtracks without end stops at a text that shows it', async () => {
  const folder = await tokenizerFolder({
    ...describedTokenizer(['[UNK]', '[CLS]', '[SEP]', '[PAD]', '[MASK]']),
    pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false }
  })
  const tokenizer = await openTokenizer(folder)
  expect(() => tokenizer.encode(`${'a'.repeat(60)}b`)).toThrow(
    expect.objectContaining({ code: 'unsupported' })
  )
})
