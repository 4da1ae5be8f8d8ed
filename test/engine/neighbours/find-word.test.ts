import { expect, test } from 'vitest'
import { findWord } from '#engine/neighbours/find-word.ts'
import { openWithTable } from '#test/support/open-with-table.ts'
import { cosine, toRows } from '#test/support/reference-method.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'

/** Float32 products beside float64 ones. */
const tolerance = 1e-5

const reference = (family: string) => ({ folder: referenceModelFolder(family) })

test.each(['bert', 'roberta', 'gpt2'])(
  'a word of %s with the neighbours that float64 cosines give',
  async (family) => {
    const model = await openWithTable(reference(family))
    const { pieces, tokens } = await findWord({ model: reference(family), word: 'music', count: 5 })
    expect(pieces.map(({ id }) => id)).toEqual([...model.tokenizer.encodeContinuation(' music')])
    const [word] = tokens
    expect(word.beginsWord).toBe(true)
    expect(model.vocabulary.byId.get(word.id)).toMatchObject({ surface: 'music', stored: word.token })
    const table = toRows(model.table)
    const best = model.vocabulary.tokens
      .filter(({ id, kind }) => kind !== 'unused' && id !== word.id && table[id].some((value) => value !== 0))
      .map(({ id }) => cosine(table[word.id], table[id]))
      .sort((a, b) => b - a)
    expect(word.neighbours).toHaveLength(5)
    for (const [rank, neighbour] of word.neighbours.entries()) {
      expect(neighbour.id).not.toBe(word.id)
      expect(Math.abs(neighbour.cosine - best[rank])).toBeLessThan(tolerance)
    }
  }
)

test('a model that lower-cases knows a word by its lower-cased form', async () => {
  const { tokens } = await findWord({ model: reference('albert'), word: 'Music', count: 1 })
  expect(tokens.map(({ token }) => token)).toEqual(['▁music'])
})

test('a word that is no token has pieces and no tokens', async () => {
  const { pieces, tokens } = await findWord({ model: reference('roberta'), word: 'xqzzyvk', count: 3 })
  expect(pieces.length).toBeGreaterThan(1)
  expect(tokens).toEqual([])
})
