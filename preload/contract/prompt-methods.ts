/** The prompts of a project: imported, looked at, each belonging to a model. */
import { z } from 'zod'
import { matrixSchema } from '#engine/common/contract/matrix.ts'
import { describeRequestSchema, planeSchema, vectorPlaceSchema } from '#engine/common/contract/neighbours.ts'
import { promptChoiceSchema, promptInspectionSchema, promptSchema } from '#engine/common/contract/prompts.ts'
import { idSchema, partSchema } from './common.ts'
import { removalSchema } from './removal-methods.ts'

export const promptSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  vectorCount: z.int(),
  width: z.int(),
  sha256: z.string(),
  model: z.object({ name: z.string().nullable(), tableFingerprint: z.string().nullable() }),
  task: z.string().nullable(),
  relation: z.string().nullable(),
  origin: z.enum(['file', 'run', 'tuning']),
  runId: z.string().nullable(),
  createdAt: z.int()
})
export type PromptSummary = z.infer<typeof promptSummarySchema>

/** A plane whose other vectors are named: those of the newest other prompts of the same model. */
export const promptPlaneSchema = planeSchema.omit({ others: true }).extend({
  others: z.array(
    z.object({
      promptId: idSchema,
      name: z.string(),
      /** Which of its vectors, from 0. */
      vector: z.int().nonnegative(),
      x: z.number(),
      y: z.number()
    })
  ),
  /** Prompts of the model that are not shown, so that the picture stays readable. */
  leftOut: z.int().nonnegative()
})
export type PromptPlane = z.infer<typeof promptPlaneSchema>

export const promptMethods = {
  'prompts.list': { arguments: partSchema, result: z.array(promptSummarySchema) },
  'prompts.get': { arguments: z.object({ id: idSchema }), result: promptSchema },
  'prompts.inspect': { arguments: z.object({ path: z.string().min(1) }), result: promptInspectionSchema },
  /** Imports all of them, or none where one can't be read or does not fit its model. */
  'prompts.import': {
    arguments: z.object({
      imports: z.array(z.object({ modelId: idSchema, choice: promptChoiceSchema })).min(1)
    }),
    result: z.object({ ids: z.array(idSchema) })
  },
  /** Takes prompts out of the project, with their evaluations; runs and files stay. */
  'prompts.remove': { arguments: z.object({ ids: z.array(idSchema).min(1) }), result: removalSchema },
  /** What vectors `[m, e]` are near to among the words of a model, and how long they are beside them. */
  'prompts.describe': {
    arguments: z.object({
      modelId: idSchema,
      vectors: matrixSchema,
      count: describeRequestSchema.shape.count
    }),
    result: z.array(vectorPlaceSchema)
  },
  /** A prompt among its nearest words and other prompts of its model, in two dimensions. */
  'prompts.plane': {
    arguments: z.object({ id: idSchema, modelId: idSchema }),
    result: promptPlaneSchema
  }
} as const
