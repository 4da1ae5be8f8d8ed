/** Finding the best set of sources, or the best weights, without evaluating all of them on everything. */
import { z } from 'zod'
import { raceRecordSchema, raceSettingsSchema } from '#engine/common/contract/races.ts'
import { idSchema, nothing } from './common.ts'
import { gridSchema } from './mix-methods.ts'

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

export const raceMethods = {
  /** Its progress is in answers. What it finds is kept. */
  'sets.race': { arguments: raceSchema, result: raceRecordSchema },
  /** Newest first. */
  'races.list': { arguments: nothing, result: z.array(storedRaceSchema) }
} as const
