/**
 * Baselines: other ways of transferring prompts to a model than the method's own. All need nothing but the two embedding
 * tables and the words that both models know.
 */
import { z } from 'zod'
import { anchorSchema } from './anchors.ts'
import { matrixSchema } from './matrix.ts'
import { modelReferenceSchema } from './models.ts'
import { centreSchema, defaultRidge, rescaleAfterSchema, sourcesSchema } from './transfer.ts'

/** Each with its settings; what it computes and whose it is stand in its file of engine/baselines. */
export const baselineMethodSchema = z.discriminatedUnion('kind', [
  /** As many vectors from a normal fitted to the target's table, the same for every prompt of one length. */
  z.object({ kind: z.literal('random'), seed: z.int() }),
  /** The vectors as they are (Table 1): models of one width alone. */
  z.object({ kind: z.literal('direct-copy') }),
  /** Each vector's nearest word of the source that the target knows too, as the target embeds it (Table 3). */
  z.object({ kind: z.literal('discretization') }),
  /** The neural projector of appendix A.2, trained on the anchors; the defaults are the paper's. */
  z.object({
    kind: z.literal('projector'),
    hidden: z.int().positive().default(768),
    epochs: z.int().positive().default(10),
    batchSize: z.int().positive().default(16),
    learningRate: z.number().positive().default(5e-3),
    seed: z.int(),
    /** Which epoch's projector is used. */
    selection: z.enum(['last', 'lowest-loss']).default('lowest-loss'),
    /**
     * Hand out the prompts after every so many epochs too, to choose among them by validation data as the paper
     * does: that is no longer zero-shot, and the caller's to do and to record.
     */
    snapshotEvery: z.int().positive().optional()
  }),
  /** The linear map with the smallest squared error on the anchors. */
  z.object({ kind: z.literal('least-squares') }),
  /** The same held back by `λ·tr(G)/d`, the method's own measure of ridge. */
  z.object({ kind: z.literal('ridge'), lambda: z.number().positive().default(defaultRidge) }),
  /**
   * The orthogonal map with the smallest squared error; `centre: true` takes the means of the anchors out as the setting
   * `mean` of a request does, but for Eq. 6, which then forgets them.
   */
  z.object({ kind: z.literal('procrustes'), centre: z.boolean().default(false) }),
  /** The same between anchors whose dimensions were made uncorrelated and of one variance. */
  z.object({ kind: z.literal('whitened-procrustes'), centre: z.boolean().default(false) }),
  /** The source's relative code, led back by the pseudo-inverse of the target's anchors. */
  z.object({ kind: z.literal('inverse-relative') }),
  /** Each vector as a sum of at most so many anchors, and the same sum in the target. */
  z.object({ kind: z.literal('sparse-codes'), atoms: z.int().positive().default(16) })
])
export type BaselineMethod = z.output<typeof baselineMethodSchema>

export const baselineRequestSchema = z.object({
  method: baselineMethodSchema,
  /** What is fitted to a source and the target is fitted once for all prompts of that source. */
  sources: sourcesSchema,
  target: modelReferenceSchema,
  /** What maps are fitted to; none where the method needs none (`counts` of the table of methods). */
  anchors: z.array(anchorSchema).default([]),
  /** `mean`: for methods that learn from anchors alone. */
  centre: centreSchema.default('none'),
  rescale: rescaleAfterSchema,
  /** `auto` or a provider's name. */
  device: z.string().default('auto')
})
export type BaselineRequest = z.output<typeof baselineRequestSchema>

export const baselineResultSchema = z.object({
  /**
   * In the order of the request, `[m, e]` each: the weighted means over the sources, `Σ_j w_j·x_j / Σ_j w_j` of what
   * each source's own prompt becomes, `x_j`; rescaled as asked.
   */
  prompts: z.array(matrixSchema),
  /** What was trained to find them, or null where nothing was. */
  lossCurve: z
    .object({
      /** The mean squared error over all anchors after each epoch, and the epoch chosen, counted from 1. */
      perSource: z.array(z.object({ loss: z.instanceof(Float64Array), chosenStep: z.int() })),
      /** The prompts after the epochs asked for, the same epoch of every source, rescaled alike. */
      snapshots: z.array(z.object({ step: z.int(), prompts: z.array(matrixSchema) }))
    })
    .nullable(),
  /** Remarks: words that vectors became, anchors left out, what a lack of rank led to. */
  notes: z.array(z.string()),
  device: z.string(),
  seconds: z.number()
})
export type BaselineResult = z.output<typeof baselineResultSchema>
