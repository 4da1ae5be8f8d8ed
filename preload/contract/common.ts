/** What the parts of the contract have in common. */
import { z } from 'zod'

export const nothing = z.object({})
export const idSchema = z.string().min(1)

/** Seeds of one order, each of which makes a prompt per task: more than this is a mistake rather than a wish. */
export const seedsSchema = z.array(z.int()).min(1).max(100)
