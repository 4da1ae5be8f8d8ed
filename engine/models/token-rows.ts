/** Which rows of an embedding table belong to which tokens: padding rows, reserved ones, tokens without a row. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import type { Vocabulary } from './vocabulary.ts'

export type TokenRows = {
  /** Ids of tokens with a row, reserved ones left out; ascending. */
  readonly usedRows: readonly number[]
  /** The tokens that have a row. */
  readonly vocabulary: Vocabulary
  readonly notes: readonly string[]
}

/** A few tokens added after training are lived with; more, and tokenizer and table are of different models. */
const largestShareWithoutRow = 0.05

/**
 * Sorts a vocabulary by the rows of its table.
 * @throws `mismatch` where many tokens have no row
 */
export function sortTokens(vocabulary: Vocabulary, table: StoredTensor): TokenRows {
  const [rows] = table.shape
  const withRow = vocabulary.tokens.filter(({ id }) => id < rows)
  const withoutRow = vocabulary.tokens.filter(({ id }) => id >= rows)
  if (withRow.length === 0 || withoutRow.length > largestShareWithoutRow * vocabulary.tokens.length) {
    throw new AnchorageError(
      'mismatch',
      'The tokenizer knows tokens that the embedding table has no row for.',
      {
        where: `${table.file}, tensor ${table.name}`,
        found: `${rows} rows; ${withoutRow.length} of ${vocabulary.tokens.length} tokens have a higher id`,
        expected: 'a row for each token',
        next: 'Check that tokenizer and weights belong to one model.'
      }
    )
  }
  const usedRows = withRow.filter(({ kind }) => kind !== 'unused').map(({ id }) => id)
  const notes: string[] = []
  const padding = rows - withRow.length
  if (padding > 0) notes.push(`${padding} rows belong to no token and are left out.`)
  const unused = withRow.length - usedRows.length
  if (unused > 0) notes.push(`${unused} reserved tokens ([unused…]) are left out of anchors and statistics.`)
  if (withoutRow.length > 0) {
    const some = withoutRow.slice(0, 3).map(({ stored, id }) => `${stored} (${id})`)
    notes.push(
      `${withoutRow.length} tokens have no row in the table and are left out: ${some.join(', ')}${withoutRow.length > 3 ? ', …' : ''}.`
    )
  }
  if (withoutRow.length === 0) return { usedRows, vocabulary, notes }
  const kept = new Map(withRow.map((token) => [token.id, token]))
  return { usedRows, vocabulary: { tokens: withRow, byId: kept }, notes }
}
