/** How a model knows a word: its pieces, the tokens that are spelled so, and what these are near to. */
import { gatherRows } from '#engine/common/contract/matrix.ts'
import type { FoundWord, WordRequest } from '#engine/common/contract/neighbours.ts'
import { indexSurfaces } from '#engine/models/anchors/anchor-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { openTable } from './open-table.ts'
import { nearestWords } from './word-table.ts'

/** @throws AnchorageError for a model that can't be opened */
export async function findWord(
  { model: reference, word, count }: WordRequest,
  signal?: AbortSignal
): Promise<FoundWord> {
  const model = await openModel(reference, signal)
  const { tokenizer, vocabulary } = model
  const index = indexSurfaces(vocabulary)
  const tokens = [true, false].flatMap((beginsWord) => {
    const anchor = { surface: word, beginsWord }
    return index.find(anchor, false) ?? (tokenizer.lowercases ? index.find(anchor, true) : undefined) ?? []
  })
  const rows = gatherRows(
    await model.readTable(signal),
    tokens.map(({ id }) => id)
  )
  // One more than asked for: a token is nearest to itself.
  const near =
    tokens.length === 0 ? [] : await nearestWords(await openTable(model, signal), rows, count + 1, 'cpu')
  return {
    pieces: tokenizer
      .encodeContinuation(` ${word}`)
      .map((id) => ({ id, token: vocabulary.byId.get(id)?.stored ?? String(id) })),
    tokens: tokens.map(({ id, stored, beginsWord }, at) => ({
      id,
      token: stored,
      beginsWord,
      neighbours: near[at].filter((other) => other.id !== id).slice(0, count)
    }))
  }
}
