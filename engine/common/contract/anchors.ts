/** Anchor sets: recipe, set and audit. */
import { z } from 'zod'
import { modelReferenceSchema } from './models.ts'

export const anchorSchema = z.object({
  /** The decoded surface without any marker. */
  surface: z.string(),
  /** Whether it begins a word (`the` after a space) or continues one. */
  beginsWord: z.boolean()
})
export type Anchor = z.infer<typeof anchorSchema>

export const anchorFiltersSchema = z.object({
  /** Only tokens that begin a word. */
  wholeWords: z.boolean().default(true),
  /** Only surfaces of Unicode letters. */
  lettersOnly: z.boolean().default(false),
  minimumLength: z.int().positive().default(1),
  /** Only surfaces of this list (for example LAMA's common vocabulary). */
  wordList: z.array(z.string()).nullable().default(null)
})

export const anchorRecipeSchema = z.object({
  /**
   * `single-token`: the paper's rule, `' ' + surface` is one known token in every model;
   * `surface`: the same surface and word start in every vocabulary.
   */
  rule: z.enum(['single-token', 'surface']).default('single-token'),
  /** `exact` keeps case; `fold` lets models that lower-case match by the lower-cased surface. */
  casePolicy: z.enum(['exact', 'fold']).default('exact'),
  filters: anchorFiltersSchema.prefault({}),
  /** `k`: how many anchors are kept, or null for all. */
  cap: z.int().positive().nullable().default(null),
  /** Which are kept first: by rank in one model's vocabulary, or a seeded sample. */
  order: z
    .discriminatedUnion('by', [
      z.object({ by: z.literal('rank'), /** Index into the models. */ model: z.int().nonnegative() }),
      z.object({ by: z.literal('sample'), seed: z.int() })
    ])
    .default({ by: 'rank', model: 0 })
})
export type AnchorRecipe = z.infer<typeof anchorRecipeSchema>

export const auditStepSchema = z.object({
  step: z.string(),
  /** Anchors left after this step. */
  left: z.int(),
  dropped: z.int(),
  /** A few of the dropped, each with the reason. */
  examples: z.array(z.object({ surface: z.string(), reason: z.string() }))
})

export const anchorAuditSchema = z.object({
  models: z.array(z.object({ name: z.string(), tokens: z.int(), considered: z.int() })),
  steps: z.array(auditStepSchema),
  /**
   * What falls together in a model: different tokens of one (surface, begins word), or, where the case is folded,
   * different words that are one token; `surface` is that token's.
   */
  collisions: z.array(z.object({ model: z.string(), surface: z.string(), tokens: z.array(z.string()) })),
  casePolicy: z.string()
})
export type AnchorAudit = z.infer<typeof anchorAuditSchema>

export const anchorSetSchema = z.object({
  name: z.string(),
  anchors: z.array(anchorSchema),
  /** SHA-256 of the ordered list in its text form. */
  hash: z.string(),
  recipe: anchorRecipeSchema.nullable(),
  audit: anchorAuditSchema.nullable()
})
export type AnchorSet = z.infer<typeof anchorSetSchema>

/** Which words the vocabularies of several models have in common, by surface. */
export const vocabularyOverlapSchema = z.object({
  /** Surfaces per model after the filters, in the order asked for. */
  models: z.array(z.object({ name: z.string(), words: z.int() })),
  /** What exactly these models hold and no other does; most words first. */
  combinations: z.array(
    z.object({
      /** Indices into the models, ascending. */
      models: z.array(z.int().nonnegative()).min(1),
      words: z.int(),
      /** The first few by rank in the first of them. */
      examples: z.array(z.string())
    })
  )
})
export type VocabularyOverlap = z.infer<typeof vocabularyOverlapSchema>

export const overlapRequestSchema = z.object({
  models: z.array(modelReferenceSchema).min(1),
  /** Its filters and its case policy count; neither rule beyond them, nor cap, nor order. */
  recipe: anchorRecipeSchema
})

export const anchorBuildSchema = z.object({
  name: z.string().min(1),
  models: z.array(modelReferenceSchema).min(1),
  recipe: anchorRecipeSchema
})

export const anchorSpanRequestSchema = z.object({
  models: z.array(modelReferenceSchema).min(1),
  recipe: anchorRecipeSchema,
  device: z.string().default('auto')
})
export type AnchorSpanRequest = z.output<typeof anchorSpanRequestSchema>

/** What the first anchors of a set, in its order, span in the tables of its models. */
export const anchorSpanSchema = z.object({
  /** `k`. */
  anchors: z.int(),
  /** In the order asked for. */
  models: z.array(
    z.object({
      name: z.string(),
      /** `e`. */
      width: z.int(),
      /** Tokens of the vocabulary that the coverage is of: a seeded draw of the rows in use. */
      tokens: z.int(),
      /** The fewest first anchors whose rank is the width, so that a relative code determines a direction; null: all together span less. */
      determinedBy: z.int().nullable(),
      /** By the number of anchors, ascending. */
      points: z.array(
        z.object({
          /** `m`, from 2 to `k`. */
          anchors: z.int(),
          /** Of the first `m`, less their mean: at most `m − 1` and `e`. */
          rank: z.int(),
          /** The participation ratio `(tr G)²/tr(G²)` of the first `m`, less their mean and at length 1. */
          effectiveRank: z.number(),
          /** Share of the variance of the tokens in the directions that the first `m` span. */
          coverage: z.number()
        })
      )
    })
  )
})
export type AnchorSpan = z.infer<typeof anchorSpanSchema>
