/** How a model knows a word: its pieces, the tokens that are spelled so, and what these are near to. */
import { gatherRows } from '#engine/common/contract/matrix.ts'
import type { FoundWord, NearestWord, WordRequest } from '#engine/common/contract/neighbours.ts'
import { indexSurfaces } from '#engine/models/anchors/anchor-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { openTable } from './open-table.ts'
import { nearestWords, type TargetTable } from './word-table.ts'

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
  // One more than asked for: a token is nearest to itself.
  const near = tokens.length === 0 ? [] : await wordsNear(tokens, await openTable(model, signal), count + 1)
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

async function wordsNear(
  tokens: readonly { readonly id: number }[],
  table: TargetTable,
  count: number
): Promise<NearestWord[][]> {
  const rows = gatherRows(
    table.table,
    tokens.map(({ id }) => id)
  )
  return await nearestWords(table, rows, count, 'cpu')
}
