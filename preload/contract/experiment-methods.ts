/** Experiments: their files, and what the project has of them. */
import { z } from 'zod'
import { idSchema, nothing } from './common.ts'

const pathSchema = z.object({ path: z.string().min(1) })

/** How far an experiment is. */
export const experimentStatusSchema = z.object({
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
  sections: z.array(z.object({ name: z.string(), cells: z.int(), done: z.int() }))
})
export type ExperimentStatus = z.infer<typeof experimentStatusSchema>

/** Before it is run. */
export const experimentPlanStatusSchema = experimentStatusSchema.extend({
  /** Of memory, that the largest work group takes at the most. */
  bytes: z.number()
})
export type ExperimentPlanStatus = z.infer<typeof experimentPlanStatusSchema>

export const experimentEntrySchema = experimentStatusSchema.extend({
  id: idSchema,
  /** When it was last ordered. */
  createdAt: z.int()
})
export type ExperimentEntry = z.infer<typeof experimentEntrySchema>

/** A mistake at its place in the text, both counted from 1. */
export const experimentMistakeSchema = z.object({
  line: z.int(),
  column: z.int(),
  /** Such as `sections[0].methods`; empty where the text is no YAML. */
  setting: z.string(),
  found: z.string(),
  expected: z.string()
})
export type ExperimentMistake = z.infer<typeof experimentMistakeSchema>

/** The table of a section with how far each place of it is. */
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

/** What a report is of: an experiment as far as it was run, or runs of any origin. */
export const reportedSchema = z.union([
  z.strictObject({ experimentId: idSchema }),
  z.strictObject({ runIds: z.array(idSchema).min(1) })
])
export type Reported = z.infer<typeof reportedSchema>

export const experimentMethods = {
  /** What the project has of experiments, the newest of each name, newest first. */
  'experiments.list': { arguments: nothing, result: z.array(experimentEntrySchema) },
  'experiments.grids': { arguments: z.object({ id: idSchema }), result: z.array(progressGridSchema) },
  /** One page that loads nothing. */
  'experiments.report': { arguments: reportedSchema, result: z.object({ page: z.string() }) },
  /** Writes the report with its tables and figures into a new folder, `report`, inside of this one. */
  'experiments.writeReport': {
    arguments: z.object({ reported: reportedSchema, folder: z.string().min(1) }),
    result: z.object({ files: z.array(z.string()) })
  },

  /** The JSON Schema of experiment files. */
  'experiments.schema': { arguments: nothing, result: z.object({ schema: z.json() }) },
  'experiments.templates': { arguments: nothing, result: z.array(z.string()) },
  /** Makes an experiment file from a template. */
  'experiments.make': { arguments: pathSchema.extend({ template: z.string().min(1) }), result: nothing },
  'experiments.readFile': { arguments: pathSchema, result: z.object({ text: z.string() }) },
  'experiments.writeFile': { arguments: pathSchema.extend({ text: z.string() }), result: nothing },
  /** What is wrong with the text of an experiment file; nothing where it is an experiment. */
  'experiments.check': {
    arguments: z.object({ text: z.string() }),
    result: z.object({ mistakes: z.array(experimentMistakeSchema) })
  },
  /** What an experiment file will compute, and what the project has of it. */
  'experiments.plan': { arguments: pathSchema, result: experimentPlanStatusSchema },
  /** Queues what the project has not; nothing where it has everything. */
  'experiments.run': { arguments: pathSchema, result: z.object({ jobId: idSchema.nullable() }) }
} as const
