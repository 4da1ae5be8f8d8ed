/**
 * A planned experiment: its cells in groups that share work, with every input by place and hash. A group is what is
 * computed and committed at once, here or on another machine; nothing but the group and its inputs is needed for it.
 */
import { z } from 'zod'
import { anchorSetSchema } from '#engine/common/contract/anchors.ts'
import { methodSchema } from '#engine/common/contract/methods.ts'
import { modelReferenceSchema } from '#engine/common/contract/models.ts'
import { promptModelSchema } from '#engine/common/contract/prompts.ts'
import { modelIdentitySchema } from '#engine/common/contract/runs.ts'
import { taskSourceSchema } from '#engine/common/contract/tasks.ts'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'
import { experimentCellSchema } from '#main/experiments/execute/results.ts'
import { experimentFileSchema } from '#main/experiments/spec/experiment-file.ts'

/** A model by its name in the experiment, its place and its fingerprint. */
export const plannedModelSchema = modelIdentitySchema.extend({ reference: modelReferenceSchema })
export type PlannedModel = z.infer<typeof plannedModelSchema>

export const plannedTaskSchema = z.object({
  name: z.string(),
  source: taskSourceSchema,
  /** The manual template; null where the task has none. */
  template: z.string().nullable(),
  /** SHA-256 of the content. */
  sha256: z.string(),
  /** Only the first so many examples of the test split. */
  limit: z.int().positive().nullable(),
  examples: z.object({ train: z.int(), dev: z.int(), test: z.int() })
})
export type PlannedTask = z.infer<typeof plannedTaskSchema>

/** Where a prompt comes from; its id is the hash of its vectors, or of how it is tuned. */
const plannedPromptSchema = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('file'),
    id: z.string(),
    path: z.string(),
    /** The part of the file, and how many of its rows. */
    part: z.string(),
    length: z.int().positive(),
    /** Whose vectors they are: PEFT's carry the factor by which some models multiply embeddings. */
    model: promptModelSchema.optional()
  }),
  /** Tuned by the group of that id. */
  z.object({ from: z.literal('tuning'), id: z.string() })
])
export type PlannedPrompt = z.infer<typeof plannedPromptSchema>

/** A cell with the ids of its prompts; null where its method has none of a setting. */
const plannedCellSchema = experimentCellSchema
  .pick({ id: true, seed: true, length: true, anchors: true, mask: true, centre: true, rescale: true })
  .extend({
    method: methodSchema,
    sources: z.array(z.object({ model: z.string(), weight: z.number().positive(), prompt: z.string() })),
    /** Direct tuning: the target's own prompt. */
    prompt: z.string().nullable()
  })
export type PlannedCell = z.infer<typeof plannedCellSchema>

const commonFields = {
  /** SHA-256 of what the group computes. */
  id: z.string(),
  /** For a person. */
  label: z.string(),
  task: plannedTaskSchema,
  device: z.string()
}

/** One prompt to tune; the group's id is the prompt's. */
export const tuningGroupSchema = z.object({
  kind: z.literal('tuning'),
  ...commonFields,
  model: plannedModelSchema,
  length: z.int().positive(),
  seed: z.int(),
  settings: tuningSettingsSchema
})
export type TuningGroup = z.infer<typeof tuningGroupSchema>

/** All cells of one target and one task: asked in one pass over the model. */
export const measuringGroupSchema = z.object({
  kind: z.literal('measuring'),
  ...commonFields,
  target: plannedModelSchema,
  /** The models whose prompts are transferred. */
  sources: z.array(plannedModelSchema),
  /** SHA-256 of the words that all models of the experiment share. */
  anchorsHash: z.string(),
  prompts: z.array(plannedPromptSchema),
  cells: z.array(plannedCellSchema).min(1)
})
export type MeasuringGroup = z.infer<typeof measuringGroupSchema>

export const experimentGroupSchema = z.discriminatedUnion('kind', [tuningGroupSchema, measuringGroupSchema])
export type ExperimentGroup = z.infer<typeof experimentGroupSchema>

export const experimentPlanSchema = z.object({
  experiment: experimentFileSchema,
  anchors: anchorSetSchema,
  /** What is tuned first, then what is measured, target by target. */
  groups: z.array(experimentGroupSchema),
  /** In the order of the experiment file. */
  sections: z.array(z.object({ name: z.string(), cells: z.array(experimentCellSchema) }))
})
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>
