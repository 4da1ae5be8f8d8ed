/** What the screen of prompts shows, as kept with the project. */
import { z } from 'zod'

export const promptsViewSchema = z.object({
  shows: z.enum(['matrix', 'list']).default('matrix')
})
