/** What the table of runs shows, as kept with the project. */
import { z } from 'zod'

export const runsViewSchema = z.object({
  filter: z.string().default(''),
  sorting: z.array(z.object({ id: z.string(), desc: z.boolean() })).default([{ id: 'created', desc: true }]),
  /** Field to group by, or null. */
  groupBy: z.string().nullable().default(null),
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
      'rankWithin'
    ]),
  pinned: z.array(z.string()).default(['name']),
  /** The run that others are compared with. */
  baselineId: z.string().nullable().default(null)
})
export type RunsView = z.output<typeof runsViewSchema>
