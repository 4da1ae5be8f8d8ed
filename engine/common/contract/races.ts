/** Races for the best set of sources: how one is asked for, and what is kept of it. */
import { z } from 'zod'
import { rankWithinSchema } from './evaluation.ts'
import { modelIdentitySchema, runManifestSchema, taskIdentitySchema } from './runs.ts'
import { splitNames } from './tasks.ts'

/** How sets are raced, whatever they are. */
export const raceSettingsSchema = z.object({
  split: z.enum(splitNames),
  confidence: z.number().gt(0).lt(1),
  /** As a share: 0.01 is a point. */
  tolerance: z.number().nonnegative().lt(1),
  /** Share of all answers; null: as many as it takes to be sure. */
  budget: z.number().gt(0).max(1).nullable(),
  seed: z.int()
})

/** Usual settings: within a point of the best, with 95 % confidence, for 15 % of the answers. */
export const usualRace = { split: 'dev', confidence: 0.95, tolerance: 0.01, budget: 0.15, seed: 1 } as const

/** How far a set came: `worse` at the confidence; `dropped` as the budget was spent; `left` to the end. */
const endingSchema = z.enum(['chosen', 'worse', 'dropped', 'left'])

const racedSetSchema = z.object({
  sources: z.array(z.object({ model: modelIdentitySchema, weight: z.number().positive() })).min(1),
  ending: endingSchema,
  /** How many examples it was asked, and its accuracy on all, estimated from these. */
  asked: z.int(),
  accuracy: z.number(),
  /** Mean matching of its prompts over the tasks (Eq. 7 over the sum of weights): how far its sources agree. */
  agreement: z.number().nullable()
})
export type RacedSet = z.infer<typeof racedSetSchema>

/** A race that ended, as the project keeps it. */
export const raceRecordSchema = raceSettingsSchema.extend({
  target: modelIdentitySchema,
  /** The settings that all sets have in common. */
  transfer: runManifestSchema.pick({
    method: true,
    seed: true,
    length: true,
    anchors: true,
    mask: true,
    centre: true,
    rescale: true
  }),
  rankWithin: rankWithinSchema,
  tasks: z.array(taskIdentitySchema),
  /** `[K]` */
  sets: z.array(racedSetSchema).min(1),
  /** Place of the set that was chosen. */
  chosen: z.int(),
  /** With the confidence, the best is at most so far above the chosen one, over all examples of the split. */
  shortfall: z.number(),
  /** Answers that it took, of `all` that the whole grid would take; of them `known` from runs and races of before. */
  answers: z.int(),
  all: z.int(),
  known: z.int(),
  /** N */
  examples: z.int()
})
export type RaceRecord = z.infer<typeof raceRecordSchema>
