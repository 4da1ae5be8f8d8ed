/** The tour of two steps that a copy of the sample begins with: kept with the project, like every view. */
import { z } from 'zod'

export const tourView = 'tour'

export const tourSchema = z.object({
  /** What is pointed at: the screen of the sets, then what it says of one; null: the tour is over, or there was none. */
  step: z.enum(['sets', 'set']).nullable().default(null)
})
export type Tour = z.infer<typeof tourSchema>

/** As the tour begins. */
export const tourStart: Tour = { step: 'sets' }
