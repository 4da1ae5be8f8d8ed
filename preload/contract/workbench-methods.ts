/** What a window may ask of the workbench, and what it is told: the same whichever host shows the window. */
import { z } from 'zod'
import { anchorRecipeSchema, anchorSetSchema } from '../../engine/contract/anchors.ts'
import { mixingBasisSchema } from '../../engine/contract/mixing.ts'
import { modelReferenceSchema, modelReportSchema } from '../../engine/contract/models.ts'
import {
  promptChoiceSchema,
  promptInspectionSchema,
  promptSchema,
  promptTreeSchema
} from '../../engine/contract/prompts.ts'
import { maskSettingsSchema, rescaleSchema, transferResultSchema } from '../../engine/contract/transfer.ts'
import { idSchema as id, nothing } from './common.ts'
import { jobMethods, jobProgressSchema } from './job-methods.ts'
import { runMethods } from './run-methods.ts'
import { taskMethods } from './task-methods.ts'

export const recentProjectSchema = z.object({
  path: z.string(),
  name: z.string(),
  /** When it was last opened, in milliseconds since 1970. */
  openedAt: z.number(),
  /** The file is not where it was. */
  missing: z.boolean()
})
export type RecentProject = z.infer<typeof recentProjectSchema>

export const workbenchStateSchema = z.object({
  version: z.string(),
  /** The open project, or null on the start screen. */
  project: z.object({ path: z.string(), name: z.string() }).nullable(),
  recent: z.array(recentProjectSchema)
})
export type WorkbenchState = z.infer<typeof workbenchStateSchema>

export const modelEntrySchema = z.object({
  id,
  reference: modelReferenceSchema,
  report: modelReportSchema,
  /** The folder is not where it was. */
  missing: z.boolean()
})
export type ModelEntry = z.infer<typeof modelEntrySchema>

export const promptSummarySchema = z.object({
  id,
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

export const anchorSetSummarySchema = z.object({
  id,
  name: z.string(),
  hash: z.string(),
  count: z.int(),
  createdAt: z.int()
})
export type AnchorSetSummary = z.infer<typeof anchorSetSummarySchema>

const anchorOrderSchema = z.object({
  name: z.string().min(1),
  modelIds: z.array(id).min(1),
  recipe: anchorRecipeSchema
})

/** A transfer of prompts of the project, solved for every mixture of its sources at once. */
const mixSchema = z.object({
  sources: z.array(z.object({ promptId: id, modelId: id, weight: z.number().positive() })).min(1),
  targetId: id,
  anchorSetId: id,
  mask: maskSettingsSchema,
  ridge: z.number().nonnegative(),
  rescale: rescaleSchema.exclude(['inside'])
})
export type MixOrder = z.input<typeof mixSchema>

export const workbenchMethods = {
  'workbench.state': { arguments: nothing, result: workbenchStateSchema },
  'project.create': { arguments: z.object({ path: z.string().min(1) }), result: nothing },
  'project.open': { arguments: z.object({ path: z.string().min(1) }), result: nothing },
  'project.close': { arguments: nothing, result: nothing },
  /** Copies the project of the sample into a folder, and opens the copy. */
  'sample.open': {
    arguments: z.object({ folder: z.string().min(1) }),
    result: z.object({ path: z.string() })
  },
  'recent.forget': { arguments: z.object({ path: z.string() }), result: nothing },

  'models.list': { arguments: nothing, result: z.array(modelEntrySchema) },
  'models.add': { arguments: modelReferenceSchema, result: z.object({ id }) },
  'models.relocate': { arguments: z.object({ id, folder: z.string().min(1) }), result: nothing },
  /** Takes a model out of the project; its folder is never touched. */
  'models.remove': { arguments: z.object({ id }), result: nothing },
  /** Puts back a model removed since the project was opened. */
  'models.restore': { arguments: z.object({ id }), result: nothing },

  'prompts.list': { arguments: nothing, result: z.array(promptSummarySchema) },
  'prompts.get': { arguments: z.object({ id }), result: promptSchema },
  'prompts.inspect': { arguments: z.object({ path: z.string().min(1) }), result: promptInspectionSchema },
  'prompts.import': {
    arguments: z.object({ modelId: id, choice: promptChoiceSchema }),
    result: z.object({ ids: z.array(id) })
  },
  'prompts.importTree': {
    arguments: z.object({ modelId: id, tree: promptTreeSchema }),
    result: z.object({ ids: z.array(id) })
  },

  'anchors.list': { arguments: nothing, result: z.array(anchorSetSummarySchema) },
  'anchors.get': { arguments: z.object({ id }), result: anchorSetSchema },
  /** Builds a set without keeping it. */
  'anchors.build': { arguments: anchorOrderSchema, result: anchorSetSchema },
  'anchors.save': { arguments: anchorOrderSchema, result: z.object({ id }) },

  'mix.basis': { arguments: mixSchema, result: mixingBasisSchema },
  /** The transfer itself, with its report, for one set of weights. */
  'mix.transfer': { arguments: mixSchema, result: transferResultSchema },

  ...taskMethods,
  ...jobMethods,
  ...runMethods
} as const

export const workbenchEvents = {
  /** Something was changed, by whichever window: what is shown of it is to be asked for again. */
  'workbench.changed': z.object({
    what: z.enum(['state', 'models', 'prompts', 'anchors', 'tasks', 'jobs', 'runs', 'evaluations', 'views'])
  }),
  'job.progress': jobProgressSchema
} as const

export const workbenchContract = { methods: workbenchMethods, events: workbenchEvents } as const
export type WorkbenchContract = typeof workbenchContract
