/**
 * Discretization: each vector becomes its nearest word of the source, and the words are transferred (Khashabi et al.
 * 2022, "Prompt Waywardness"; Wu, Wu and Mou 2024, Table 3). Only words that the target knows as one token count.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider } from '#engine/devices/session.ts'
import { rowLengths, toDense } from '#engine/linear-algebra/dense.ts'
import { recentResults } from '#engine/memory/recent-results.ts'
import { resolveAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import { nearestWords, type WordTable } from '#engine/neighbours/word-table.ts'
import type { TransferredVectors } from './transferred-vectors.ts'

/** The source's words that the target has too, and the target's id by the source's. */
type SharedWords = { words: WordTable; targetIds: ReadonlyMap<number, number> }

/** Looking every word of a vocabulary up takes longer than all the rest. */
const sharedWords = recentResults<SharedWords>({
  most: 4,
  bytes: { most: 2 ** 26, of: ({ words }) => words.table.data.byteLength },
  keptFor: 'transfers'
})

/**
 * Transfers vectors `[n, d]` as words; the notes name them.
 * @throws AnchorageError `mismatch` where the models share no word
 */
export async function discretize(
  vectors: Matrix,
  source: OpenModel,
  target: OpenModel,
  device: Provider
): Promise<TransferredVectors> {
  const key = [source, target].map(
    ({ report: { fingerprint, name } }) => `${fingerprint.table} ${fingerprint.tokenizer} ${name}`
  )
  const { words, targetIds } = await sharedWords.getLater(key.join(' '), () =>
    findSharedWords(source, target)
  )
  const nearest = (await nearestWords(words, vectors, 1, device)).map(([best]) => best)
  const ids = nearest.flatMap(({ id }) => targetIds.get(id) ?? [])
  const said = nearest.map(({ token, cosine }) => `${token} (${cosine.toFixed(2)})`)
  return {
    vectors: toDense(await target.readRows(ids)),
    notes: [`Transferred as words, with their cosines: ${said.join(' ')}.`]
  }
}

async function findSharedWords(source: OpenModel, target: OpenModel): Promise<SharedWords> {
  const table = await source.readTable()
  const words = source.vocabulary.tokens.filter(({ kind }) => kind === 'word')
  const { ids } = resolveAnchors(words, { ...target, name: target.report.name })
  const targetIds = new Map<number, number>()
  const tokens = new Array<string | undefined>(table.rows).fill(undefined)
  for (const [index, { id, stored }] of words.entries()) {
    if (ids[index] < 0) continue
    targetIds.set(id, ids[index])
    tokens[id] = stored
  }
  if (targetIds.size === 0)
    throw new AnchorageError('mismatch', 'The two models have no word in common.', {
      where: `${source.report.name} and ${target.report.name}`,
      found: `${words.length} words of which the target knows none`,
      expected: 'words that are one token in both',
      next: 'Check that both folders hold the tokenizer of their model.'
    })
  return { words: { table, tokens, lengths: rowLengths(table) }, targetIds }
}
