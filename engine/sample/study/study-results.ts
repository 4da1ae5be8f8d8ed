/** The file of the study's figures. */
import { z } from 'zod'

const studyResultSchema = z.object({
  target: z.string(),
  /** `random`, `manual`, `direct tuning`, or `SOURCES | VARIANT`. */
  method: z.string(),
  accuracy: z.number(),
  /** 95 % bootstrap interval over facts, the seeds of a fact together. */
  low: z.number(),
  high: z.number(),
  /** Different facts asked; fewer where a setting was varied on some relations only. */
  facts: z.int(),
  /** Answers: facts times seeds. */
  n: z.int(),
  /** Mean matching per source of weight 1; null for what was not carried. */
  matching: z.number().nullable()
})
export type StudyResult = z.infer<typeof studyResultSchema>

export const studyFileSchema = z.object({ anchors: z.int(), results: z.array(studyResultSchema) })
