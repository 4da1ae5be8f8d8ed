/** What the parts of the contract have in common. */
import { z } from 'zod'

export const nothing = z.object({})
export const idSchema = z.string().min(1)

/** Seeds of one order, each of which makes a prompt per task: more than this is a mistake rather than a wish. */
export const seedsSchema = z.array(z.int()).min(1).max(100)

/** Which part of a long list is asked for: so many from one place on, all where nothing is said. */
export const partSchema = z.object({
  from: z.int().nonnegative().default(0),
  limit: z.int().positive().optional(),
  /** The same for all parts of one list: windows read at the same time, and lists change meanwhile. */
  reading: z.string().max(100).default('')
})
export type Part = z.output<typeof partSchema>
