/** What `anchorage doctor MODEL` finds out: what a model can do, how long a query takes, and whether it answers as it must. */
import { z } from 'zod'
import { modelReportSchema } from './models.ts'

/** Whether a model can be used for something, and why not. */
const abilitySchema = z.object({ can: z.boolean(), note: z.string() })

export const modelExaminationSchema = z.object({
  report: modelReportSchema,
  query: abilitySchema,
  tune: abilitySchema,
  /** Null where the model is not queried. */
  timing: z
    .object({
      /** Seconds from the files to a session that can be asked. */
      opening: z.number(),
      /** Seconds of one query, after a first one. */
      query: z.number(),
      /** Tokens of that query. */
      tokens: z.int()
    })
    .nullable(),
  /**
   * A query in which prompt vectors that are the embeddings of ordinary words stand in the place of those words: its logits
   * must be those of the words. Null where the model is not queried.
   */
  selfCheck: z
    .object({
      agrees: z.boolean(),
      /** The largest difference, relative to the largest logit; null where a logit is no number. */
      largestDifference: z.number().nullable(),
      tolerance: z.number(),
      words: z.array(z.string())
    })
    .nullable()
})
export type ModelExamination = z.infer<typeof modelExaminationSchema>
