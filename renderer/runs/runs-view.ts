/** What the table of runs shows, as kept with the project. */
import { z } from 'zod'
import { configurationKey } from './run-group.ts'

export const runsViewSchema = z.object({
  filter: z.string().default(''),
  sorting: z.array(z.object({ id: z.string(), desc: z.boolean() })).default([{ id: 'created', desc: true }]),
  /** Field to group by, or null: a configuration is a row, with its relations below it. */
  groupBy: z.string().nullable().default(configurationKey),
  differencesOnly: z.boolean().default(false),
  /** Archived runs are out of sight unless they are asked for. */
  archived: z.boolean().default(false),
  hidden: z
    .array(z.string())
    .default([
      'task',
      'weights',
      'mask',
      'selection',
      'device',
      'seed',
      'length',
      'centre',
      'rescale',
      'retrievalCosine',
      'refinement',
      'seconds',
      'split',
      'rankWithin',
      'job'
    ]),
  pinned: z.array(z.string()).default(['name']),
  /** These columns come first, in this order; then the others as they are declared. */
  order: z
    .array(z.string())
    .default(['name', 'sources', 'target', 'method', 'accuracy', 'examples', 'matching', 'anchors', 'ridge']),
  /** Widths that a person gave, in pixels. */
  widths: z.record(z.string(), z.number()).default({}),
  /** The run that others are compared with. */
  baselineId: z.string().nullable().default(null)
})
export type RunsView = z.output<typeof runsViewSchema>
