/** The anchor sets of a project: built as the recipe changes, kept by name. */
import { z } from 'zod'
import { anchorRecipeSchema, anchorSetSchema } from '../../engine/contract/anchors.ts'
import { idSchema, nothing } from './common.ts'

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
  'anchors.save': { arguments: anchorOrderSchema, result: z.object({ id: idSchema }) }
} as const
