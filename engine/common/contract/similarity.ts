/** How alike the embedding tables of models are, pair by pair. */
import { z } from 'zod'
import { modelReferenceSchema } from './models.ts'

export const similarityRequestSchema = z.object({
  models: z.array(modelReferenceSchema).min(2),
  device: z.string().default('auto')
})

export type SimilarityRequest = z.output<typeof similarityRequestSchema>

export const similaritySchema = z.object({
  /** In the order asked for: how many words that begin a word, case folded, are one token in each. */
  models: z.array(z.object({ name: z.string(), words: z.int() })),
  /** Every pair once. */
  pairs: z.array(
    z.object({
      /** Indices into the models. */
      first: z.int().nonnegative(),
      second: z.int().nonnegative(),
      /** Words that both have as one token. */
      shared: z.int(),
      /** So many of these are compared, as relative codes of so many others; 0 where too few are shared. */
      compared: z.int(),
      anchors: z.int(),
      /** Correlation of the relative codes, centred (Eq. 3), over all words and anchors, from −1 to 1; null where too few are shared. */
      codes: z.number().nullable(),
      /** Linear CKA of the rows, the unbiased estimate: 1 for the same up to rotation and scale, about 0 for unrelated ones. */
      alignment: z.number().nullable()
    })
  )
})
export type Similarity = z.infer<typeof similaritySchema>
