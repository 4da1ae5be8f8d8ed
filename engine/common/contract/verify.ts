/** Comparing the engine with numbers made by PyTorch: what is compared, and what came of it. */
import { z } from 'zod'
import { errorDataSchema } from './errors.ts'

export const verifyRowSchema = z.object({
  what: z.string(),
  /** Absolute, or relative to the largest expected value where `what` says so; null: a difference is not a number. */
  largestDifference: z.number().nullable(),
  tolerance: z.number(),
  agrees: z.boolean()
})
export type VerifyRow = z.infer<typeof verifyRowSchema>

/** The coarsest numbers that a computation goes through, from the most exact on. `half`: float16 or bfloat16. */
export const precisions = ['float32', 'half', '8-bit', '4-bit'] as const
export const precisionSchema = z.enum(precisions)
export type Precision = z.infer<typeof precisionSchema>

/**
 * `right`: within the tolerance of float32. `right-to-its-precision`: within that of the half or quantised numbers that
 * it is stored in. `differs`: over it. `refused`: an error that says why it can't be done. `failed`: an error that
 * nobody foresaw.
 */
export const verdictSchema = z.enum(['right', 'right-to-its-precision', 'differs', 'refused', 'failed'])
export type Verdict = z.infer<typeof verdictSchema>

/** What can be done with a model: reading its embedding table, querying it, tuning on it. */
export const checkedPartNames = ['table', 'query', 'tune'] as const

export const checkedPartSchema = z.object({
  part: z.enum(checkedPartNames),
  verdict: verdictSchema,
  precision: precisionSchema,
  comparisons: z.array(verifyRowSchema),
  /** Why it was not compared. */
  error: errorDataSchema.omit({ stack: true }).nullable()
})
export type CheckedPart = z.infer<typeof checkedPartSchema>

export const modelCheckSchema = z.object({
  /** `model_type` of config.json; null where the model can't be opened. */
  family: z.string().nullable(),
  /** The worst of its parts, but for a tuning that is refused because the graph is quantised. */
  verdict: verdictSchema,
  parts: z.array(checkedPartSchema)
})
export type ModelCheck = z.infer<typeof modelCheckSchema>
