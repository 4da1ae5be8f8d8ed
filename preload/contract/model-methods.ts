/** The models of a project: folders that are read where they lie. */
import { z } from 'zod'
import { modelReferenceSchema, modelReportSchema } from '../../engine/contract/models.ts'
import { idSchema, nothing } from './common.ts'

export const modelEntrySchema = z.object({
  id: idSchema,
  reference: modelReferenceSchema,
  report: modelReportSchema,
  /** The folder is not where it was. */
  missing: z.boolean()
})
export type ModelEntry = z.infer<typeof modelEntrySchema>

export const modelMethods = {
  'models.list': { arguments: nothing, result: z.array(modelEntrySchema) },
  'models.add': { arguments: modelReferenceSchema, result: z.object({ id: idSchema }) },
  'models.relocate': { arguments: z.object({ id: idSchema, folder: z.string().min(1) }), result: nothing },
  /** Takes a model out of the project; its folder is never touched. */
  'models.remove': { arguments: z.object({ id: idSchema }), result: nothing },
  /** Puts back a model removed since the project was opened. */
  'models.restore': { arguments: z.object({ id: idSchema }), result: nothing }
} as const
