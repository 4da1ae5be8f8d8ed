/** The queue of a project: its jobs, how far they are, and what can be done about them. */
import { z } from 'zod'
import { progressSchema } from '#engine/common/contract/engine-methods.ts'
import { errorDataSchema } from '#engine/common/contract/errors.ts'
import { idSchema, nothing } from './common.ts'

const stateSchema = z.enum(['queued', 'running', 'finished', 'failed', 'cancelled'])

export const jobEntrySchema = z.object({
  id: idSchema,
  title: z.string(),
  kind: z.enum(['experiment', 'measuring', 'tuning', 'race']),
  state: stateSchema,
  /** A person paused it: nothing more of it is started. */
  isPaused: z.boolean(),
  /** Jobs that wait are started in the order of these. */
  position: z.int(),
  /** Why it failed. */
  error: errorDataSchema.nullable(),
  /** Cells by their state. */
  cells: z.object({
    queued: z.int(),
    running: z.int(),
    finished: z.int(),
    failed: z.int(),
    cancelled: z.int()
  }),
  /** Of a running job: how long what waits will take, and the whole of what is at work; null where nothing like it was done yet. */
  seconds: z.object({ queued: z.number(), running: z.number() }).nullable(),
  createdAt: z.int(),
  endedAt: z.int().nullable()
})
export type JobEntry = z.infer<typeof jobEntrySchema>

const cellEntrySchema = z.object({
  id: idSchema,
  label: z.string(),
  state: stateSchema,
  attempts: z.int(),
  error: errorDataSchema.nullable()
})

export const jobMethods = {
  /** Newest first. */
  'jobs.list': { arguments: nothing, result: z.array(jobEntrySchema) },
  'jobs.cells': { arguments: z.object({ id: idSchema }), result: z.array(cellEntrySchema) },
  /** Whether the whole queue is paused. */
  'jobs.queue': { arguments: nothing, result: z.object({ isPaused: z.boolean() }) },
  /** Pauses a job, or the whole queue where no id is given: the step at work goes on to its end, no other is started. */
  'jobs.pause': { arguments: z.object({ id: idSchema.nullable() }), result: nothing },
  /** Goes on with what was paused. */
  'jobs.unpause': { arguments: z.object({ id: idSchema.nullable() }), result: nothing },
  /** Puts a waiting job right before another waiting one, or behind all where that is null. */
  'jobs.move': { arguments: z.object({ id: idSchema, before: idSchema.nullable() }), result: nothing },
  /** Cancels what has not finished; what finished stays. */
  'jobs.cancel': { arguments: z.object({ id: idSchema }), result: nothing },
  /** Runs again what failed or was cancelled. */
  'jobs.retry': { arguments: z.object({ id: idSchema }), result: nothing },
  /** Takes a job that has ended off the list; what it made stays. */
  'jobs.remove': { arguments: z.object({ id: idSchema }), result: nothing }
} as const

/** How far a job is; told several times a second at most. */
export const jobProgressSchema = z.object({
  jobId: idSchema,
  cellsDone: z.int(),
  cells: z.int(),
  label: z.string(),
  progress: progressSchema
})
export type JobProgress = z.infer<typeof jobProgressSchema>
