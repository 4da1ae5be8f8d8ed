/** What the parts of the contract have in common. */
import { z } from 'zod'

export const nothing = z.object({})
export const idSchema = z.string().min(1)
