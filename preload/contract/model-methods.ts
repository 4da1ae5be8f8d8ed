/** The models of a project: folders that are read where they lie. */
import { z } from 'zod'
import { graphReportSchema } from '#engine/common/contract/graphs.ts'
import { modelReferenceSchema, modelReportSchema } from '#engine/common/contract/models.ts'
import { idSchema, nothing } from './common.ts'
import { removalSchema } from './removal-methods.ts'

export const modelEntrySchema = z.object({
  id: idSchema,
  reference: modelReferenceSchema,
  report: modelReportSchema,
  /** SHA-256 of the graph and its weights; null until they are hashed. */
  weights: z.string().nullable(),
  /** How far that is, in bytes; null where they are not being hashed. */
  hashing: z.object({ done: z.number(), total: z.number() }).nullable(),
  /** The folder is not where it was. */
  missing: z.boolean()
})
export type ModelEntry = z.infer<typeof modelEntrySchema>

export const modelMethods = {
  'models.list': { arguments: nothing, result: z.array(modelEntrySchema) },
  'models.add': { arguments: modelReferenceSchema, result: z.object({ id: idSchema }) },
  'models.relocate': { arguments: z.object({ id: idSchema, folder: z.string().min(1) }), result: nothing },
  /** Hashes the weights of a model in the background, where they are not known. */
  'models.hashWeights': { arguments: z.object({ id: idSchema }), result: nothing },
  /** Stops hashing, until it is asked for again. */
  'models.stopHashing': { arguments: nothing, result: nothing },
  /** Takes a model out of the project; its folder is never touched. */
  'models.remove': { arguments: z.object({ id: idSchema }), result: removalSchema },
  /** How prompts enter the model's graph, and what keeps gradients from passing; why it can't be run, as an error. */
  'models.inspectGraph': { arguments: z.object({ id: idSchema }), result: graphReportSchema }
} as const
