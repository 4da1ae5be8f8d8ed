/** A transfer: what is asked, what comes back. */
import { z } from 'zod'
import { anchorSchema } from './anchors.ts'
import { AnchorageError } from './errors.ts'
import { matrixSchema } from './matrix.ts'
import { modelReferenceSchema } from './models.ts'
import { nearestWordSchema, vectorPlaceSchema } from './neighbours.ts'

export const maskSettingsSchema = z.discriminatedUnion('kind', [
  /** Every anchor counts. */
  z.object({ kind: z.literal('all') }),
  /** Appendix A.1: the `k` highest anchors per prompt vector, of the sum of unit codes or of the last source (the paper's code). */
  z.object({ kind: z.literal('top-k'), k: z.int().positive(), from: z.enum(['sum', 'last']).default('sum') }),
  /** One mask for all vectors: the `k` highest anchors of the unit codes summed over vectors and sources. */
  z.object({ kind: z.literal('common-top-k'), k: z.int().positive() })
])
export type MaskSettings = z.infer<typeof maskSettingsSchema>

/**
 * λ of the paper's own method where nobody asks for another: in the experiment of the sample as accurate as the optimum
 * without ridge, which fills the directions that barely count with noise where the table is anisotropic (docs/sample.md).
 */
export const defaultRidge = 0.01

/** λ where nobody asks for another: between real models centred transfers want a hundred times as much (docs/decisions.md). */
export function defaultRidgeOf(centre: Centre): number {
  return centre === 'mean' ? 1 : defaultRidge
}

export const searchSettingsSchema = z.discriminatedUnion('kind', [
  /** `(G + λ·tr(G)/e·I)⁻¹ b`; `ridge` is λ. */
  z.object({ kind: z.literal('exact'), ridge: z.number().nonnegative() }),
  /** The paper's search: Adam on `1 − mean(matching)/Σw`. */
  z.object({
    kind: z.literal('adam'),
    steps: z.int().positive().default(2000),
    learningRate: z.number().positive().default(5e-3),
    seed: z.int(),
    /** Which step is the result. */
    selection: z.enum(['last', 'lowest-loss']).default('lowest-loss'),
    /**
     * Hand out the prompt at every so many steps too, to choose among them by validation data as the paper's
     * runs do: that is no longer zero-shot, and the caller's to do and to record.
     */
    snapshotEvery: z.int().positive().optional(),
    /** Start instead of the seeded normal one: `[m, e]`. */
    start: matrixSchema.optional()
  })
])
export type SearchSettings = z.infer<typeof searchSettingsSchema>

/** Eq. 6 after the search, inside every step of the descent (the paper's code; Adam only), or not at all. */
export const rescaleSchema = z.enum(['after', 'inside', 'none'])
export type Rescale = z.infer<typeof rescaleSchema>

/**
 * Centring: `mean` takes the mean of the anchors from anchors and prompt on either side before Eq. 3, and adds the
 * target's to what is found; `none` is the paper's. Without a common direction cosines tell words of real tables apart.
 */
export const centreSchema = z.enum(['none', 'mean'])
export type Centre = z.infer<typeof centreSchema>

/** Centring where nobody asks for another: see docs/decisions.md. */
export const defaultCentre: Centre = 'mean'

const transferSidesSchema = z.object({
  sources: z
    .array(z.object({ model: modelReferenceSchema, prompt: matrixSchema, weight: z.number().positive() }))
    .min(1),
  target: modelReferenceSchema,
  anchors: z.array(anchorSchema).min(1),
  mask: maskSettingsSchema,
  centre: centreSchema.default('none'),
  /** `auto` or a provider's name. */
  device: z.string().default('auto')
})

export const transferRequestSchema = transferSidesSchema.extend({
  search: searchSettingsSchema,
  rescale: rescaleSchema
})
export type TransferRequest = z.infer<typeof transferRequestSchema>

/** Eq. 6 after what has no steps to rescale inside of, or not at all. */
export const rescaleAfterSchema = rescaleSchema.exclude(['inside'])

/** Sources with several prompts each, transferred together. */
export const sourcesSchema = z
  .array(
    z.object({
      model: modelReferenceSchema,
      /** `[m, d]` each, in the same order for every source. */
      prompts: z.array(matrixSchema).min(1),
      weight: z.number().positive()
    })
  )
  .min(1)

/** The weights of the sources play no part: they are what is mixed later. */
export const mixingRequestSchema = transferSidesSchema.extend({
  /** λ. */
  ridge: z.number().nonnegative(),
  rescale: rescaleAfterSchema
})
export type MixingRequest = z.infer<typeof mixingRequestSchema>

export const ridgePathRequestSchema = transferSidesSchema.extend({
  /** The values of λ. */
  ridges: z.array(z.number().nonnegative()).min(1),
  rescale: rescaleAfterSchema
})
export type RidgePathRequest = z.infer<typeof ridgePathRequestSchema>

export const transferReportSchema = z.object({
  vectors: z.array(
    vectorPlaceSchema.extend({
      /** Eq. 7 with weights, Σ_j w_j cos_j, of what the search found; per source `cos_j`. */
      matching: z.number(),
      perSource: z.array(z.number()),
      /** The optimum over the sum of weights (design: J over Σw, no ridge): how much of the agreement the target can express. */
      upperBound: z.number()
    })
  ),
  meanMatching: z.number(),
  /** The same of random rows of the target's table: what a matching is to be held against; null in what older versions made. */
  randomMatching: z.number().nullable().default(null),
  anchorsUsed: z.int(),
  anchorsKept: z.int(),
  /**
   * Of the Gram matrix of the target's unit anchors (those of a common mask, else all): the condition number,
   * null where it is rank deficient, and the effective rank as participation ratio `(tr G)²/tr(G²)`.
   */
  condition: z.number().nullable(),
  effectiveRank: z.number(),
  /** λ in force: the one asked for, or the floor where the anchors are rank deficient. */
  ridge: z.number().nullable(),
  notes: z.array(z.string())
})
export type TransferReport = z.infer<typeof transferReportSchema>

export const transferResultSchema = z.object({
  /** The target prompt `[m, e]`, rescaled as asked. */
  prompt: matrixSchema,
  report: transferReportSchema,
  /** Adam only: the loss before each step, the step chosen, and the snapshots asked for, rescaled alike. */
  lossCurve: z
    .object({
      loss: z.instanceof(Float64Array),
      chosenStep: z.int(),
      snapshots: z.array(z.object({ step: z.int(), prompt: matrixSchema }))
    })
    .nullable(),
  device: z.string(),
  seconds: z.number()
})
export type TransferResult = z.infer<typeof transferResultSchema>

/** One λ of the ridge path. */
export const ridgePointSchema = z.object({
  /** λ asked for and in force. */
  asked: z.number(),
  ridge: z.number(),
  prompt: matrixSchema,
  vectors: z.array(
    z.object({
      matching: z.number(),
      perSource: z.array(z.number()),
      nearestWords: z.array(nearestWordSchema)
    })
  )
})
export type RidgePoint = z.infer<typeof ridgePointSchema>

/** The error where prompts that are transferred together have not as many vectors, or none. */
export function differentLengths(
  where: string,
  sources: readonly { readonly name: string; readonly lengths: readonly number[] }[]
): AnchorageError {
  return new AnchorageError('mismatch', 'The prompts of the sources differ in length.', {
    where,
    found: sources.map(({ name, lengths }) => `${name}: ${lengths.join(', ')} vectors`).join('; '),
    expected: 'the same number of vectors, at least one, from every source',
    next: 'Choose prompts tuned with the same number of vectors, or take only the first vectors of each.'
  })
}

/** A model by its name and the fingerprint of its embedding table. */
type NamedTable = { readonly name: string; readonly table: string }

/** What is allowed of sources, and said: that one is the target itself, or that two are one model. */
export function sameModelNotes(sources: readonly NamedTable[], target: NamedTable): string[] {
  const notes: string[] = []
  for (const [j, { name, table }] of sources.entries()) {
    if (table === target.table) notes.push(`Source ${j + 1}, ${name}, is the target itself: a self-transfer.`)
    const first = sources.findIndex((other) => other.table === table)
    if (first < j) notes.push(`Sources ${first + 1} and ${j + 1} are one model, ${name}.`)
  }
  return notes
}

/** The error where a search among centred anchors is to rescale inside its steps, which would lose their mean. */
export function nothingCentredInside(): AnchorageError {
  return new AnchorageError('bad-argument', 'Centred vectors are not rescaled inside of the search.', {
    where: 'rescale',
    found: 'inside, with centring',
    expected: 'after or none',
    next: 'Rescale after the search, or leave centring out.'
  })
}

/** The error where the exact search is to rescale inside its steps. */
export function nothingInside(): AnchorageError {
  return new AnchorageError('bad-argument', 'The exact search has no steps to rescale inside of.', {
    where: 'rescale',
    found: 'inside',
    expected: 'after or none',
    next: 'Rescale after the search, or choose the Adam search.'
  })
}
