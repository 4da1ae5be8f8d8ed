/** The prompts of a project: imported, looked at, each belonging to a model. */
import { z } from 'zod'
import { matrixSchema } from '../../engine/contract/matrix.ts'
import {
  promptChoiceSchema,
  promptInspectionSchema,
  promptSchema,
  promptTreeSchema
} from '../../engine/contract/prompts.ts'
import { describeRequestSchema, vectorPlaceSchema } from '../../engine/contract/word-space.ts'
import { idSchema, nothing } from './common.ts'

export const promptSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  vectorCount: z.int(),
  width: z.int(),
  sha256: z.string(),
  model: z.object({ name: z.string().nullable(), tableFingerprint: z.string().nullable() }),
  task: z.string().nullable(),
  relation: z.string().nullable(),
  runId: z.string().nullable(),
  createdAt: z.int()
})
export type PromptSummary = z.infer<typeof promptSummarySchema>

export const promptMethods = {
  'prompts.list': { arguments: nothing, result: z.array(promptSummarySchema) },
  'prompts.get': { arguments: z.object({ id: idSchema }), result: promptSchema },
  'prompts.inspect': { arguments: z.object({ path: z.string().min(1) }), result: promptInspectionSchema },
  'prompts.import': {
    arguments: z.object({ modelId: idSchema, choice: promptChoiceSchema }),
    result: z.object({ ids: z.array(idSchema) })
  },
  'prompts.importTree': {
    arguments: z.object({ modelId: idSchema, tree: promptTreeSchema }),
    result: z.object({ ids: z.array(idSchema) })
  },
  /** What vectors `[m, e]` are near to among the words of a model, and how long they are beside them. */
  'prompts.describe': {
    arguments: z.object({
      modelId: idSchema,
      vectors: matrixSchema,
      count: describeRequestSchema.shape.count
    }),
    result: z.array(vectorPlaceSchema)
  }
} as const
