/** What a window may ask of the workbench, and what it is told: the same whichever host shows the window. */
import { z } from 'zod'
import { mixingBasisSchema } from '../../engine/contract/mixing.ts'
import { maskSettingsSchema, rescaleSchema, transferResultSchema } from '../../engine/contract/transfer.ts'
import { anchorMethods } from './anchor-methods.ts'
import { idSchema as id, nothing } from './common.ts'
import { jobMethods, jobProgressSchema } from './job-methods.ts'
import { modelMethods } from './model-methods.ts'
import { promptMethods } from './prompt-methods.ts'
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

  'mix.basis': { arguments: mixSchema, result: mixingBasisSchema },
  /** The transfer itself, with its report, for one set of weights. */
  'mix.transfer': { arguments: mixSchema, result: transferResultSchema },

  ...modelMethods,
  ...promptMethods,
  ...anchorMethods,
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
