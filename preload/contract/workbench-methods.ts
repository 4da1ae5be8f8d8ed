/** What a window may ask of the workbench, and what it is told: the same whichever host shows the window. */
import { z } from 'zod'
import { deviceMeasurementSchema } from '#engine/common/contract/engine-methods.ts'
import { errorDataSchema } from '#engine/common/contract/errors.ts'
import { anchorMethods } from './anchor-methods.ts'
import { nothing } from './common.ts'
import { experimentMethods } from './experiment-methods.ts'
import { jobMethods, jobProgressSchema } from './job-methods.ts'
import { mixMethods } from './mix-methods.ts'
import { modelMethods } from './model-methods.ts'
import { promptMethods } from './prompt-methods.ts'
import { raceMethods } from './race-methods.ts'
import { removalMethods } from './removal-methods.ts'
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
  project: z
    .object({
      path: z.string(),
      name: z.string(),
      /** What the check in the background found in its file; null where nothing was found so far. */
      damage: errorDataSchema.nullable()
    })
    .nullable(),
  recent: z.array(recentProjectSchema),
  /** Whether the project begins with the tour: it is a new copy of the sample, and the person has not seen the tour. */
  tour: z.boolean(),
  /** Where copies of the sample go, and the newest that lies there; null: there is none. */
  sample: z.object({ folder: z.string(), copy: z.string().nullable() }),
  /** Why the engine is not started for now, and from when on it is (milliseconds since 1970); null where it can be asked. */
  engineGivenUp: z.object({ reason: z.string(), until: z.number() }).nullable(),
  /** Files that ended the engine twice and are not sent to it; those of one entry were worked on together. */
  setAside: z.array(z.array(z.string()))
})
export type WorkbenchState = z.infer<typeof workbenchStateSchema>

export const workbenchMethods = {
  'workbench.state': { arguments: nothing, result: workbenchStateSchema },
  /** What can compute, measured once for the engine's life. */
  'devices.list': { arguments: nothing, result: z.array(deviceMeasurementSchema) },
  /** Starts an engine that was given up, and takes up again what is set aside. */
  'engine.restart': { arguments: nothing, result: nothing },
  'project.create': { arguments: z.object({ path: z.string().min(1) }), result: nothing },
  'project.open': { arguments: z.object({ path: z.string().min(1) }), result: nothing },
  'project.close': { arguments: nothing, result: nothing },
  /** Opens the newest copy of the sample, or makes one: where there is none, or where a new one is asked for. */
  'sample.open': {
    arguments: z.object({ isNew: z.boolean() }),
    result: z.object({ path: z.string() })
  },
  /** The person has seen the tour, or does not want it. */
  'tour.end': { arguments: nothing, result: nothing },
  'recent.forget': { arguments: z.object({ path: z.string() }), result: nothing },

  ...modelMethods,
  ...promptMethods,
  ...anchorMethods,
  ...mixMethods,
  ...raceMethods,
  ...removalMethods,
  ...taskMethods,
  ...jobMethods,
  ...runMethods,
  ...experimentMethods
} as const

export const workbenchEvents = {
  /** Something was changed, by whichever window: what is shown of it is to be asked for again. */
  'workbench.changed': z.object({
    what: z.enum([
      'state',
      'models',
      'prompts',
      'anchors',
      'tasks',
      'jobs',
      'runs',
      'evaluations',
      'experiments'
    ])
  }),
  'job.progress': jobProgressSchema
} as const

export const workbenchContract = { methods: workbenchMethods, events: workbenchEvents } as const
export type WorkbenchContract = typeof workbenchContract
