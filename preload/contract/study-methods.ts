/** Studies: their files, and what the project has of them. */
import { z } from 'zod'
import { idSchema, nothing } from './common.ts'

const pathSchema = z.object({ path: z.string().min(1) })

/** How far a study is. */
export const studyStatusSchema = z.object({
  name: z.string(),
  /** Words that all of its models share. */
  sharedAnchors: z.int(),
  /** Different cells, and those with a result. */
  cells: z.int(),
  done: z.int(),
  groupsLeft: z.int(),
  /** Prompts to tune, of these groups. */
  tuningsLeft: z.int(),
  /** Null where nothing like what is left has run in the project. */
  secondsLeft: z.number().nullable(),
  experiments: z.array(z.object({ name: z.string(), cells: z.int(), done: z.int() }))
})
export type StudyStatus = z.infer<typeof studyStatusSchema>

export const studyEntrySchema = studyStatusSchema.extend({
  id: idSchema,
  /** When it was last ordered. */
  createdAt: z.int()
})
export type StudyEntry = z.infer<typeof studyEntrySchema>

/** A mistake at its place in the text, both counted from 1. */
export const studyMistakeSchema = z.object({
  line: z.int(),
  column: z.int(),
  /** Such as `experiments[0].methods`; empty where the text is no YAML. */
  setting: z.string(),
  found: z.string(),
  expected: z.string()
})
export type StudyMistake = z.infer<typeof studyMistakeSchema>

/** The table of an experiment with how far each place of it is. */
export const progressGridSchema = z.object({
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(
    z.object({
      label: z.string(),
      cells: z.array(z.object({ done: z.int(), planned: z.int() }).nullable())
    })
  )
})
export type ProgressGrid = z.infer<typeof progressGridSchema>

export const studyMethods = {
  /** What the project has of studies, the newest of each name, newest first. */
  'studies.list': { arguments: nothing, result: z.array(studyEntrySchema) },
  'studies.grids': { arguments: z.object({ id: idSchema }), result: z.array(progressGridSchema) },
  /** The report of a study as far as it was run: one page that loads nothing. */
  'studies.report': { arguments: z.object({ id: idSchema }), result: z.object({ page: z.string() }) },
  /** Writes the report with its tables and figures into a folder. */
  'studies.writeReport': {
    arguments: z.object({ id: idSchema, folder: z.string().min(1) }),
    result: z.object({ files: z.array(z.string()) })
  },

  'studies.templates': { arguments: nothing, result: z.array(z.string()) },
  /** Makes a study file from a template. */
  'studies.make': { arguments: pathSchema.extend({ template: z.string().min(1) }), result: nothing },
  'studies.readFile': { arguments: pathSchema, result: z.object({ text: z.string() }) },
  'studies.writeFile': { arguments: pathSchema.extend({ text: z.string() }), result: nothing },
  /** What is wrong with the text of a study file; nothing where it is a study. */
  'studies.check': {
    arguments: z.object({ text: z.string() }),
    result: z.object({ mistakes: z.array(studyMistakeSchema) })
  },
  /** What a study file will compute, and what the project has of it. */
  'studies.plan': { arguments: pathSchema, result: studyStatusSchema },
  /** Queues what the project has not; nothing where it has everything. */
  'studies.run': { arguments: pathSchema, result: z.object({ jobId: idSchema.nullable() }) }
} as const
