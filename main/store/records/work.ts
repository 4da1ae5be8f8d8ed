/**
 * What a job is asked to do, as stored before it runs: settings for the whole job, and one piece of work
 * per cell. The rows alone are enough to go on after a crash.
 */
import { z } from 'zod'
import { maskSettingsSchema, rescaleSchema } from '../../../engine/contract/transfer.ts'
import { storedSolverSchema } from './manifest.ts'

export const transferSettingsSchema = z.object({
  kind: z.literal('transfer'),
  sources: z.array(z.object({ modelId: z.string(), weight: z.number().positive() })).min(1),
  targetId: z.string(),
  anchorSetId: z.string(),
  mask: maskSettingsSchema,
  solver: storedSolverSchema,
  rescale: rescaleSchema,
  /** `auto` or a provider's name. */
  device: z.string()
})
export type TransferSettings = z.infer<typeof transferSettingsSchema>

/** One relation, or the one prompt: a prompt per source, in the order of the sources. */
export const transferWorkSchema = z.object({
  kind: z.literal('transfer'),
  promptIds: z.array(z.string()).min(1),
  /** Instead of the seed of the settings, where the search draws numbers. */
  seed: z.int().nullable()
})

export const jobSettingsSchema = z.discriminatedUnion('kind', [transferSettingsSchema])
export type JobSettings = z.infer<typeof jobSettingsSchema>

export const cellWorkSchema = z.discriminatedUnion('kind', [transferWorkSchema])
export type CellWork = z.infer<typeof cellWorkSchema>
