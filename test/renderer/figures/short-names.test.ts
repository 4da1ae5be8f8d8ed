/** Names in little room. */
import { describe, expect, it } from 'vitest'
import { shortNames } from '#renderer/figures/short-names.ts'

describe('short names', () => {
  it('are as they are where there is room', () => {
    expect(shortNames(['bert-small', 'roberta-small'], 16)).toEqual(['bert-small', 'roberta-small'])
  })

  it('are cut in their middle, and differ where the names do', () => {
    const names = ['google/bert-base-uncased', 'google/bert-base-cased', 'google/electra-base-discriminator']
    const short = shortNames(names, 16)
    expect(new Set(short).size).toBe(3)
    for (const name of short) expect(name.length).toBeLessThanOrEqual(24)
    const ends = shortNames(['a-model-with-a-long-name-seed-1', 'a-model-with-a-long-name-seed-2'], 12)
    expect(ends).toEqual(['a-mode…eed-1', 'a-mode…eed-2'])
  })

  it('are longer where they would look the same', () => {
    const short = shortNames(['aaaaaaaaaaXaaaaaaaaaa', 'aaaaaaaaaaYaaaaaaaaaa'], 8)
    expect(new Set(short).size).toBe(2)
  })
})
