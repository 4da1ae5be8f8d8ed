/** Finding the best set of sources, or the best weights, without evaluating all of them on everything. */
import { z } from 'zod'
import { raceRecordSchema, raceSettingsSchema } from '#engine/common/contract/races.ts'
import { idSchema, nothing } from './common.ts'
import { gridSchema } from './mix-methods.ts'
import { removalSchema } from './removal-methods.ts'

export const raceSchema = raceSettingsSchema.extend({
  /** Sources and settings; with one target, one anchor set and one value of every setting. */
  grid: gridSchema.extend({
    targetIds: z.array(idSchema).length(1),
    anchorSetIds: z.array(idSchema).length(1)
  }),
  among: z.discriminatedUnion('kind', [
    /** Every set of the grid. */
    z.object({ kind: z.literal('sets') }),
    /** All sources together, a weight in so many steps divided among them. */
    z.object({ kind: z.literal('weights'), steps: z.int().min(2).max(20) })
  ])
})
export type Race = z.input<typeof raceSchema>
export type CheckedRace = z.output<typeof raceSchema>

const storedRaceSchema = raceRecordSchema.extend({ id: idSchema, createdAt: z.int() })
export type StoredRace = z.infer<typeof storedRaceSchema>

/** A race of the queue that has not found its set: waiting, at work, cancelled or failed. */
const openRaceSchema = raceSettingsSchema.extend({
  jobId: idSchema,
  ...raceRecordSchema.pick({ target: true, transfer: true, rankWithin: true }).shape,
  sets: z.array(z.object({ sources: z.array(z.object({ weight: z.number().positive() })).min(1) })).min(1)
})
export type OpenRace = z.infer<typeof openRaceSchema>

export const raceMethods = {
  /** Queues a race. What it finds is kept, and what it is answered, wherever it stops. */
  'races.order': { arguments: raceSchema, result: z.object({ jobId: idSchema }) },
  'races.open': { arguments: nothing, result: z.array(openRaceSchema) },
  /** Newest first. */
  'races.list': { arguments: nothing, result: z.array(storedRaceSchema) },
  /** Takes out what a race found, with the marks of what it chose; what it was answered stays. */
  'races.remove': { arguments: z.object({ id: idSchema }), result: removalSchema }
} as const
