/** The anchor sets of a project: built as the recipe changes, kept by name. */
import { z } from 'zod'
import {
  anchorRecipeSchema,
  anchorSetSchema,
  anchorSpanSchema,
  vocabularyOverlapSchema
} from '#engine/common/contract/anchors.ts'
import { foundWordSchema } from '#engine/common/contract/neighbours.ts'
import { idSchema, nothing } from './common.ts'
import { removalSchema } from './removal-methods.ts'

export const anchorSetSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  hash: z.string(),
  count: z.int(),
  createdAt: z.int()
})
export type AnchorSetSummary = z.infer<typeof anchorSetSummarySchema>

const anchorOrderSchema = z.object({
  name: z.string().min(1),
  modelIds: z.array(idSchema).min(1),
  recipe: anchorRecipeSchema
})

export const anchorMethods = {
  'anchors.list': { arguments: nothing, result: z.array(anchorSetSummarySchema) },
  'anchors.get': { arguments: z.object({ id: idSchema }), result: anchorSetSchema },
  /** Builds a set without keeping it. */
  'anchors.build': { arguments: anchorOrderSchema, result: anchorSetSchema },
  /** Which words each combination of the models shares, under the recipe's filters. */
  'anchors.overlap': { arguments: anchorOrderSchema.omit({ name: true }), result: vocabularyOverlapSchema },
  /** What the first anchors of a set span in each model; its progress is in hundredths of a model. */
  'anchors.span': { arguments: anchorOrderSchema.omit({ name: true }), result: anchorSpanSchema },
  /** How each model knows a word, in the order asked for. */
  'words.find': {
    arguments: z.object({ modelIds: z.array(idSchema).min(1), word: z.string().trim().min(1) }),
    result: z.array(z.object({ modelId: idSchema, found: foundWordSchema }))
  },
  'anchors.save': { arguments: anchorOrderSchema, result: z.object({ id: idSchema }) },
  'anchors.remove': { arguments: z.object({ id: idSchema }), result: removalSchema }
} as const
