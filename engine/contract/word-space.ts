/** Vectors among the word embeddings of a model: how long they are and which words they are near to. */
import { z } from 'zod'
import { matrixSchema } from './matrix.ts'
import { modelReferenceSchema } from './models.ts'

export const nearestWordSchema = z.object({ token: z.string(), id: z.int(), cosine: z.number() })
export type NearestWord = z.infer<typeof nearestWordSchema>

export const vectorPlaceSchema = z.object({
  /** Length of the vector and its percentile among the table's row lengths, 0 to 1. */
  norm: z.number(),
  normPercentile: z.number(),
  /** By cosine, best first; none for a vector of length 0. */
  nearestWords: z.array(nearestWordSchema)
})
export type VectorPlace = z.infer<typeof vectorPlaceSchema>

export const describeRequestSchema = z.object({
  model: modelReferenceSchema,
  /** `[m, e]`. */
  vectors: matrixSchema,
  /** How many nearest words per vector. */
  count: z.int().positive().default(10)
})
export type DescribeRequest = z.output<typeof describeRequestSchema>
