import { describe, expect, it, vi } from 'vitest'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { folderOf, storedIds } from './anchors/tiny-models.ts'

describe('openTokenizer', () => {
  it.each([
    ['bert', 'WordPiece', false, '[MASK]', false],
    ['roberta', 'BPE', false, '<mask>', true],
    ['albert', 'Unigram', true, '[MASK]', true],
    ['gpt2', 'BPE', false, undefined, false]
  ] as const)('says of %s: %s, lower-cases %s, mask %s', async (family, kind, lowercases, mask, absorbs) => {
    const tokenizer = await openTokenizer(folderOf(family))
    expect(tokenizer).toMatchObject({ kind, lowercases, maskAbsorbsSpaceBefore: absorbs })
    expect(tokenizer.files).toEqual(['tokenizer_config.json', 'tokenizer.json'])
    expect(tokenizer.special.mask?.token).toBe(mask)
    expect(tokenizer.special.mask?.id).toBe(mask && storedIds(family).get(mask))
  })

  it.each([
    ['bert', ['[CLS]'], ['the', 'b', '##o', '##x'], ['[SEP]']],
    ['roberta', ['<s>'], ['t', 'h', 'e', 'Ġbo', 'x'], ['</s>']],
    ['albert', ['[CLS]'], ['▁the', '▁', 'b', 'o', 'x'], ['[SEP]']],
    ['gpt2', [], ['t', 'h', 'e', 'Ġbo', 'x'], []]
  ] as const)(
    'cuts text as %s does and puts its special tokens around it',
    async (family, before, tokens, after) => {
      const tokenizer = await openTokenizer(folderOf(family))
      const ids = storedIds(family)
      const idsOf = (stored: readonly string[]) => stored.map((token) => ids.get(token))
      expect(tokenizer.encode('the box')).toEqual(idsOf(tokens))
      expect(tokenizer.encodeWithSpecials('the box')).toEqual(idsOf([...before, ...tokens, ...after]))
    }
  )

  it('lower-cases and strips accents where the tokenizer does', async () => {
    const tokenizer = await openTokenizer(folderOf('albert'))
    expect(tokenizer.encode(' THÉ')).toEqual([tokenizer.idOf('▁the')])
  })

  it.each(['roberta', 'gpt2'] as const)('gives any text back from the bytes of %s', async (family) => {
    const tokenizer = await openTokenizer(folderOf(family))
    const text = ' naïve 日本語 🙂\n  two  spaces\t.'
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
  })

  it('decodes special tokens as they are written, and nothing to nothing', async () => {
    const tokenizer = await openTokenizer(folderOf('bert'))
    expect(tokenizer.decode(tokenizer.encodeWithSpecials('the river'))).toBe('[CLS] the river [SEP]')
    expect(tokenizer.decode([])).toBe('')
    expect(tokenizer.encode('')).toEqual([])
  })

  it('asks no network', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'))
    await openTokenizer(folderOf('roberta'))
    expect(fetch).not.toHaveBeenCalled()
    fetch.mockRestore()
  })
})
