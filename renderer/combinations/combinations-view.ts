/** What the screen Combinations shows, as kept with the project. */
import { z } from 'zod'
import { averageKinds } from '#engine/common/statistics/average.ts'
import { setOrders } from '#engine/common/statistics/set-comparison.ts'

export const metrics = ['P@1', 'P@10'] as const
export type Metric = (typeof metrics)[number]

const fieldValueSchema = z.union([z.string(), z.number(), z.null()])

export const combinationsViewSchema = z.object({
  target: z.string().nullable().default(null),
  /** What was chosen of a setting that tells runs apart, by the field's key. */
  settings: z.record(z.string(), fieldValueSchema).default({}),
  /** Relations left out. */
  without: z.array(z.string()).default([]),
  metric: z.enum(metrics).default('P@1'),
  average: z.enum(averageKinds).default('micro'),
  order: z.enum(setOrders).default('accuracy'),
  /** Names of the set that the others are compared with; null: the best single source. */
  against: z.string().nullable().default(null),
  /** Names of the set in focus; null: the best. */
  focus: z.string().nullable().default(null)
})
export type CombinationsView = z.output<typeof combinationsViewSchema>

/** What accuracies are of. */
export type AccuracyKind = Pick<CombinationsView, 'metric' | 'average'>
