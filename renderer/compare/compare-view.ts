/** Which runs are compared, and what their pictures show, as kept with the project. */
import { z } from 'zod'
import { averageKinds } from '#engine/common/statistics/average.ts'

export const measures = ['accuracy', 'matching'] as const
export type Measure = (typeof measures)[number]

/** How numbers stand on the axis of a picture. */
export const axisFormat = { accuracy: { tickformat: '.0%' }, matching: { tickformat: '.3~f' } } as const

export const compareViewSchema = z.object({
  /** Null: all runs. */
  runIds: z.array(z.string()).nullable().default(null),
  measure: z.enum(measures).default('accuracy'),
  average: z.enum(averageKinds).default('micro'),
  /** Row of the heat-map that the others are coloured against; null: none. */
  baseline: z.string().nullable().default(null),
  /** Two groups of runs (by sources, target, anchors) whose relations are paired. */
  left: z.string().nullable().default(null),
  right: z.string().nullable().default(null),
  /** What was chosen of a setting that tells runs apart, by the field's key. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
  /** What stands on the axis of the curves. */
  along: z.string().nullable().default(null)
})
export type CompareView = z.output<typeof compareViewSchema>
