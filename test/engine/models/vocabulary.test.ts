import { describe, expect, it } from 'vitest'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { defineTokenizer } from '#engine/models/tokenizer-definition.ts'
import { buildVocabulary, type Token } from '#engine/models/vocabulary.ts'
import { folderOf } from './anchors/tiny-models.ts'

/** A vocabulary as `surface|begins|kind` by stored form. */
function read(document: object, special: readonly string[] = []): Record<string, string> {
  const definition = defineTokenizer(document, 'tokenizer.json', {})
  const describeToken = ({ surface, beginsWord, kind }: Token) => `${surface}|${beginsWord}|${kind}`
  return Object.fromEntries(
    buildVocabulary(definition, new Set(special)).tokens.map((token) => [token.stored, describeToken(token)])
  )
}

const numbered = (tokens: readonly string[]) => Object.fromEntries(tokens.map((token, id) => [token, id]))

describe('buildVocabulary', () => {
  it('reads WordPiece: ## continues', () => {
    const vocab = numbered(['[PAD]', '[unused12]', 'the', '##ing', ',', '##', '#'])
    expect(read({ model: { type: 'WordPiece', vocab } }, ['[PAD]'])).toEqual({
      '[PAD]': '[PAD]|true|special',
      '[unused12]': '[unused12]|true|unused',
      the: 'the|true|word',
      '##ing': 'ing|false|word',
      ',': ',|true|word',
      '##': '|false|space',
      '#': '#|true|word'
    })
  })

  it('reads byte-level BPE: Ġ begins, bytes make characters', () => {
    const vocab = numbered(['Ġthe', 'the', 'Ġ', 'ĠĠ', 'Ċ', 'æĹ¥', 'ĠÃ©', 'æĹ', 'madeupword0001', '<s>'])
    const added_tokens = [
      { id: 9, content: '<s>', special: true },
      { id: 20, content: 'covid', special: false },
      { id: 21, content: 'flu', lstrip: true }
    ]
    expect(
      read({ added_tokens, decoder: { type: 'ByteLevel' }, model: { type: 'BPE', vocab, merges: [] } })
    ).toEqual({
      Ġthe: 'the|true|word',
      the: 'the|false|word',
      Ġ: '|true|space',
      ĠĠ: ' |true|space',
      Ċ: '\n|false|space',
      'æĹ¥': '日|false|word',
      'ĠÃ©': 'é|true|word',
      æĹ: 'æĹ|false|byte',
      madeupword0001: 'madeupword0001|false|unused',
      '<s>': '<s>|false|special',
      covid: 'covid|false|word',
      flu: 'flu|true|word'
    })
  })

  it('finds byte-level steps inside a sequence', () => {
    const pre_tokenizer = { type: 'Sequence', pretokenizers: [{ type: 'Digits' }, { type: 'ByteLevel' }] }
    expect(read({ pre_tokenizer, model: { type: 'BPE', vocab: { Ġthe: 0 }, merges: [] } })).toEqual({
      Ġthe: 'the|true|word'
    })
  })

  it('reads SentencePiece: ▁ begins, <0x0A> is a byte', () => {
    const vocab = ['<unk>', '▁the', 's', '▁', '▁▁', '<0x0A>', '<unused3>'].map((token) => [token, -1])
    expect(read({ model: { type: 'Unigram', unk_id: 0, vocab } }, ['<unk>'])).toEqual({
      '<unk>': '<unk>|false|special',
      '▁the': 'the|true|word',
      s: 's|false|word',
      '▁': '|true|space',
      '▁▁': ' |true|space',
      '<0x0A>': '<0x0A>|false|byte',
      '<unused3>': '<unused3>|false|unused'
    })
  })

  it("reads Gemma's BPE, whose marker comes from a normaliser", () => {
    const normalizer = { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
    expect(read({ normalizer, model: { type: 'BPE', vocab: { '▁the': 0, the: 1 }, merges: [] } })).toEqual({
      '▁the': 'the|true|word',
      the: 'the|false|word'
    })
  })

  it('puts an added token in the place of one with its id, in order of id', () => {
    const added_tokens = [{ id: 1, content: 'new' }]
    const document = { added_tokens, model: { type: 'WordPiece', vocab: { c: 2, old: 1, a: 0 } } }
    expect(Object.keys(read(document))).toEqual(['a', 'new', 'c'])
  })

  it('decodes every token of byte-level models as the tokenizer itself does', async () => {
    const { vocabulary, decode } = await openTokenizer(folderOf('roberta'))
    const words = vocabulary.tokens.filter((token) => token.kind === 'word')
    expect(words.length).toBeGreaterThan(600)
    for (const { id, surface, beginsWord } of words)
      expect(decode([id])).toBe(`${beginsWord ? ' ' : ''}${surface}`)
  })
})
