/** Finding the best set of sources, or the best weights, without evaluating all of them on everything. */
import { z } from 'zod'
import { splitNames } from '#engine/common/contract/tasks.ts'
import { idSchema } from './common.ts'
import { gridSchema } from './mix-methods.ts'

export const raceSchema = z.object({
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
  ]),
  split: z.enum(splitNames),
  confidence: z.number().gt(0).lt(1),
  /** As a share: 0.01 is a point. */
  tolerance: z.number().nonnegative().lt(1),
  /** Share of all answers; null: as many as it takes to be sure. */
  budget: z.number().gt(0).max(1).nullable(),
  seed: z.int()
})
export type Race = z.input<typeof raceSchema>
export type CheckedRace = z.output<typeof raceSchema>

export const raceResultSchema = z.object({
  /** `[K]` what was compared, with how far each came. */
  sets: z.array(
    z.object({
      sources: z.array(z.object({ modelId: idSchema, weight: z.number() })),
      ending: z.enum(['chosen', 'worse', 'dropped', 'left']),
      asked: z.int(),
      /** Of those examples. */
      accuracy: z.number()
    })
  ),
  chosen: z.int(),
  /** With the confidence, the best is at most so far above the chosen one, over all examples of the split. */
  shortfall: z.number(),
  answers: z.int(),
  /** What the whole grid would have asked. */
  all: z.int(),
  /** N */
  examples: z.int()
})
export type RaceResult = z.output<typeof raceResultSchema>

export const raceMethods = {
  /** Its progress is in answers. Nothing is kept: the set that is chosen is run as any other. */
  'sets.race': { arguments: raceSchema, result: raceResultSchema }
} as const
