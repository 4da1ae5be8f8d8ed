/** The tasks of a project, and what models are asked of them. */
import { z } from 'zod'
import { rankWithinSchema, scoresSchema } from '#engine/common/contract/evaluation.ts'
import { selectionSchema } from '#engine/common/contract/runs.ts'
import { splitNames, taskSourceSchema, taskSummarySchema } from '#engine/common/contract/tasks.ts'
import { tuningSettingsSchema, validationSchema } from '#engine/common/contract/tuning.ts'
import { idSchema, nothing, seedsSchema } from './common.ts'
import { removalSchema } from './removal-methods.ts'

export const taskEntrySchema = z.object({
  id: idSchema,
  source: taskSourceSchema,
  summary: taskSummarySchema,
  /** Its files are not where they were. */
  missing: z.boolean()
})
export type TaskEntry = z.infer<typeof taskEntrySchema>

/** How prompts are evaluated on a task. */
export const evaluationChoiceSchema = z.object({
  split: z.enum(splitNames).default('test'),
  rankWithin: rankWithinSchema.default('candidates'),
  /** Only the first so many examples; null: all. */
  limit: z.int().positive().nullable().default(null)
})
export type EvaluationChoice = z.output<typeof evaluationChoiceSchema>

const evaluatedConditionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('prompt'), promptId: idSchema }),
  z.object({ kind: z.literal('manual') }),
  z.object({ kind: z.literal('random'), vectors: z.int().positive(), seed: z.int() })
])

export const evaluationEntrySchema = z.object({
  id: idSchema,
  promptId: idSchema.nullable(),
  /** What stood in the template, for a person. */
  condition: z.enum(['prompt', 'manual', 'random']),
  model: z.string(),
  tableFingerprint: z.string(),
  task: z.string(),
  split: z.enum(splitNames),
  template: z.string(),
  scores: scoresSchema,
  createdAt: z.int()
})
export type EvaluationEntry = z.infer<typeof evaluationEntrySchema>

export const tuningViewSchema = z.object({
  model: z.string(),
  task: z.string(),
  template: z.string(),
  seed: z.int(),
  settings: tuningSettingsSchema,
  selection: selectionSchema,
  /** Null where an older version kept nothing of it; and so the curve. */
  ended: z.enum(['finished', 'early-stop', 'cancelled']).nullable(),
  loss: z.instanceof(Float64Array).nullable(),
  validations: z.array(validationSchema),
  chosenStep: z.int().nullable(),
  seconds: z.number()
})

export const taskMethods = {
  'tasks.list': { arguments: nothing, result: z.array(taskEntrySchema) },
  'tasks.add': { arguments: taskSourceSchema, result: z.object({ ids: z.array(idSchema) }) },
  /** Every relation at or below a folder. */
  'tasks.addRelations': {
    arguments: z.object({ folder: z.string().min(1), commonVocabulary: z.string().nullable() }),
    result: z.object({ ids: z.array(idSchema) })
  },
  /** Takes tasks out of the project; evaluations keep what they say of them. */
  'tasks.remove': { arguments: z.object({ ids: z.array(idSchema).min(1) }), result: removalSchema },

  /** The runs that are evaluated, as what was evaluated on what; newest first. */
  'evaluations.list': { arguments: nothing, result: z.array(evaluationEntrySchema) },
  /** Queues one cell per task; each asks the model everything at once. */
  'evaluations.order': {
    arguments: evaluationChoiceSchema.extend({
      modelId: idSchema,
      cells: z
        .array(z.object({ taskId: idSchema, conditions: z.array(evaluatedConditionSchema).min(1) }))
        .min(1),
      device: z.string().default('auto')
    }),
    result: z.object({ jobId: idSchema })
  },

  /** Queues one cell per task and seed. */
  'tunings.order': {
    arguments: z.object({
      modelId: idSchema,
      taskIds: z.array(idSchema).min(1).max(1_000),
      seeds: seedsSchema,
      start: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('random'), vectors: z.int().positive() }),
        z.object({ kind: z.literal('manual') }),
        z.object({ kind: z.literal('prompt'), promptId: idSchema })
      ]),
      template: z.string().nullable().default(null),
      settings: tuningSettingsSchema.prefault({}),
      device: z.string().default('auto')
    }),
    result: z.object({ jobId: idSchema })
  },
  'tunings.get': { arguments: z.object({ id: idSchema }), result: tuningViewSchema }
} as const
