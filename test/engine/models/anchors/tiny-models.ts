/** The four reference models as anchor sets see them, and their words read straight from `tokenizer.json`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { AnchorModel } from '#engine/models/anchors/anchor-model.ts'
import { openTokenizer } from '#engine/models/tokenizer.ts'

export const families = ['bert', 'roberta', 'albert', 'gpt2'] as const
export type Family = (typeof families)[number]

export function folderOf(family: Family): string {
  return join(import.meta.dirname, '../../../fixtures/reference/models', `tiny-${family}`)
}

export async function tinyModel(family: Family): Promise<AnchorModel> {
  const tokenizer = await openTokenizer(folderOf(family))
  return { name: `tiny-${family}`, tokenizer, vocabulary: tokenizer.vocabulary }
}

const vocabularySchema = z.object({
  model: z.object({
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.tuple([z.string(), z.number()]))])
  })
})

/** Stored token → id. */
export function storedIds(family: Family): Map<string, number> {
  const text = readFileSync(join(folderOf(family), 'tokenizer.json'), 'utf8')
  const { vocab } = vocabularySchema.parse(JSON.parse(text)).model
  return new Map(Array.isArray(vocab) ? vocab.map(([stored], id) => [stored, id]) : Object.entries(vocab))
}

/** Word → id of the tokens that begin a word, by each family's own marker, for words of ASCII alone. */
export function wordIds(family: Family): Map<string, number> {
  const marker = { bert: '', roberta: 'Ġ', albert: '▁', gpt2: 'Ġ' }[family]
  const words = new Map<string, number>()
  for (const [stored, id] of storedIds(family)) {
    const isControl = /^(\[.+\]|<.+>|##.+)$/.test(stored)
    const word = stored.slice(marker.length)
    if (!isControl && stored.startsWith(marker) && /^[!-~]+$/.test(word)) words.set(word, id)
  }
  return words
}
