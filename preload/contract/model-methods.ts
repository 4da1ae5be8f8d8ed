/** The models of a project: folders that are read where they lie. */
import { z } from 'zod'
import { graphReportSchema } from '#engine/common/contract/graphs.ts'
import { modelReferenceSchema, modelReportSchema } from '#engine/common/contract/models.ts'
import { similaritySchema } from '#engine/common/contract/similarity.ts'
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

/** A model that lies somewhere, told by the names of its files. */
export const foundModelSchema = z.object({
  /** Its folder or GGUF file, as `models.add` takes it. */
  path: z.string(),
  /** In the place where it was found: `OWNER/NAME`, or the way to it. */
  name: z.string(),
  /** On disk, in bytes. */
  size: z.number()
})
export type FoundModel = z.infer<typeof foundModelSchema>

export const foundPlaceSchema = z.object({
  folder: z.string(),
  /** By name; none where the place is not there. */
  models: z.array(foundModelSchema),
  /** False where there were more folders than are looked into. */
  isWhole: z.boolean()
})
export type FoundPlace = z.infer<typeof foundPlaceSchema>

export const modelInspectionSchema = z.object({
  report: modelReportSchema,
  /** Its graph, or why it has none that runs. */
  graph: z.union([graphReportSchema, z.string()])
})
export type ModelInspection = z.infer<typeof modelInspectionSchema>

export const modelMethods = {
  'models.list': { arguments: nothing, result: z.array(modelEntrySchema) },
  /** Lists the models in a folder and below it; null: in the places where programs keep the models that they fetched. */
  'models.find': {
    arguments: z.object({ folder: z.string().min(1).nullable() }),
    result: z.array(foundPlaceSchema)
  },
  /** What a model is and can do that is not of the project. One is read at a time, for its table is. */
  'models.inspect': { arguments: z.object({ folder: z.string().min(1) }), result: modelInspectionSchema },
  /** How alike models of the project are; its progress is in pairs. */
  'models.similarity': {
    arguments: z.object({ ids: z.array(idSchema).min(2) }),
    result: similaritySchema
  },
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
