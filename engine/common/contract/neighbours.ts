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

export const wordRequestSchema = z.object({
  model: modelReferenceSchema,
  word: z.string().trim().min(1),
  /** How many nearest words per token. */
  count: z.int().positive().default(10)
})
export type WordRequest = z.output<typeof wordRequestSchema>

/** How a model knows a word: what it is cut into, and the tokens that are spelled so. */
export const foundWordSchema = z.object({
  /** `' ' + word` as the model reads it. */
  pieces: z.array(z.object({ id: z.int(), token: z.string() })),
  /** Tokens of this surface, word-initial or not; in a model that lower-cases, of the lower-cased one. */
  tokens: z.array(
    z.object({
      id: z.int(),
      token: z.string(),
      beginsWord: z.boolean(),
      /** Other tokens by cosine, best first. */
      neighbours: z.array(nearestWordSchema)
    })
  )
})
export type FoundWord = z.infer<typeof foundWordSchema>

export const planeRequestSchema = z.object({
  model: modelReferenceSchema,
  /** The vectors looked at: `[m, e]`. */
  vectors: matrixSchema,
  /** Other vectors of the same model, for company: `[n, e]`, `n` may be 0. */
  others: matrixSchema,
  /** How many nearest words per vector are shown. */
  count: z.int().positive().default(10)
})
export type PlaneRequest = z.output<typeof planeRequestSchema>

const pointSchema = z.object({ x: z.number(), y: z.number() })

/** Vectors, their nearest words and other vectors, all at length 1, along the two directions in which they differ most. */
export const planeSchema = z.object({
  vectors: z.array(pointSchema),
  words: z.array(pointSchema.extend({ id: z.int(), token: z.string() })),
  others: z.array(pointSchema),
  /** The share of the variance that each direction carries, 0 to 1. */
  explained: z.tuple([z.number(), z.number()])
})
export type Plane = z.infer<typeof planeSchema>
