/**
 * Planned work: cells in groups that share work, with every input by place and hash. A group is what is computed and
 * committed at once, here or on another machine; nothing but the group and its inputs is needed for it. An experiment file,
 * a grid, a mixture, a command and a repetition are all planned as such groups.
 */
import { z } from 'zod'
import { anchorSetSchema } from '#engine/common/contract/anchors.ts'
import { rankWithinSchema } from '#engine/common/contract/evaluation.ts'
import { runMethodSchema } from '#engine/common/contract/methods.ts'
import { modelReferenceSchema } from '#engine/common/contract/models.ts'
import { promptModelSchema, promptPositionSchema } from '#engine/common/contract/prompts.ts'
import { modelIdentitySchema } from '#engine/common/contract/runs.ts'
import { splitNames, taskSourceSchema } from '#engine/common/contract/tasks.ts'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'
import { experimentCellSchema } from '#main/experiments/execute/results.ts'
import { experimentFileSchema } from '#main/experiments/spec/experiment-file.ts'

/** A model by its name in the experiment, its place and its fingerprint. */
export const plannedModelSchema = modelIdentitySchema.extend({
  reference: modelReferenceSchema,
  /** Id of the project's model that it is: where that lies now counts, and cells name it by the id. */
  registered: z.string().optional()
})
export type PlannedModel = z.infer<typeof plannedModelSchema>

export const plannedTaskSchema = z.object({
  name: z.string(),
  source: taskSourceSchema,
  /** The manual template; null where the task has none. */
  template: z.string().nullable(),
  /** SHA-256 of the content. */
  sha256: z.string(),
  /** Only the first so many examples of the split that is evaluated. */
  limit: z.int().positive().nullable(),
  examples: z.object({ train: z.int(), dev: z.int(), test: z.int() })
})
export type PlannedTask = z.infer<typeof plannedTaskSchema>

/** Where a prompt comes from; its id is the hash of its vectors, or of how it is tuned, or the one that it has in the project. */
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
  z.object({ from: z.literal('tuning'), id: z.string() }),
  z.object({
    from: z.literal('project'),
    id: z.string(),
    name: z.string(),
    sha256: z.string(),
    recipe: z.string().nullable(),
    relation: z.string().nullable(),
    position: promptPositionSchema
  })
])
export type PlannedPrompt = z.infer<typeof plannedPromptSchema>

/** A cell with the ids of its prompts; null where its method has none of a setting. */
const plannedCellSchema = experimentCellSchema
  .pick({ id: true, seed: true, length: true, anchors: true, mask: true, centre: true, rescale: true })
  .extend({
    method: runMethodSchema,
    sources: z.array(z.object({ model: z.string(), weight: z.number().positive(), prompt: z.string() })),
    /** Direct tuning, and prompts as they are: the target's own prompt. */
    prompt: z.string().nullable(),
    /** Null: the usual one of its method. */
    template: z.string().nullable().default(null),
    /** What its run is called; left out: by task and method. */
    name: z.string().optional()
  })
export type PlannedCell = z.infer<typeof plannedCellSchema>

const commonFields = {
  /** SHA-256 of what the group computes. */
  id: z.string(),
  /** For a person. */
  label: z.string(),
  device: z.string()
}

/** One prompt to tune; in an experiment the group's id is the prompt's. */
export const tuningGroupSchema = z.object({
  kind: z.literal('tuning'),
  ...commonFields,
  task: plannedTaskSchema,
  model: plannedModelSchema,
  /** Of a random start; null: as long as the start is. */
  length: z.int().positive().nullable(),
  /** Null: random vectors; else a prompt of the model, or the words of the manual template. */
  start: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('manual') }),
      z.object({ kind: z.literal('prompt'), prompt: plannedPromptSchema })
    ])
    .nullable()
    .default(null),
  /** Null: the usual one. */
  template: z.string().nullable().default(null),
  seed: z.int(),
  /** Only so many labelled examples; null: all. */
  labels: z.int().positive().nullable().default(null),
  settings: tuningSettingsSchema,
  /** What run and prompt are called; left out: by task and method. */
  name: z.string().optional()
})
export type TuningGroup = z.infer<typeof tuningGroupSchema>

/** How a group evaluates its cells. */
export const groupEvaluationSchema = z.object({
  split: z.enum(splitNames),
  rankWithin: rankWithinSchema,
  /** How many of the best words of each prediction are kept: of millions the best alone. */
  wordsKept: z.int().positive()
})
export type GroupEvaluation = z.infer<typeof groupEvaluationSchema>

/** As many as the engine tells of a prediction. */
export const bestWords = 10

/** What an experiment file asks for. */
export const experimentEvaluation: GroupEvaluation = { split: 'test', rankWithin: 'candidates', wordsKept: 1 }

/** All cells of one target and one task: evaluated in one pass over the model. */
export const measuringGroupSchema = z.object({
  kind: z.literal('measuring'),
  ...commonFields,
  /** What the prompts are evaluated on, or found with; null: neither. */
  task: plannedTaskSchema.nullable(),
  /** Null: the prompts are found, and not evaluated. */
  evaluation: groupEvaluationSchema.nullable().default(experimentEvaluation),
  target: plannedModelSchema,
  /** The models whose prompts are transferred. */
  sources: z.array(plannedModelSchema),
  /** SHA-256 of the list of anchors, such as the words that all models of an experiment share; null: none are needed. */
  anchorsHash: z.string().nullable(),
  anchorsName: z.string().default('shared words'),
  prompts: z.array(plannedPromptSchema),
  cells: z.array(plannedCellSchema).min(1)
})
export type MeasuringGroup = z.infer<typeof measuringGroupSchema>

/** A group whose cells are evaluated. */
export type EvaluatedGroup = MeasuringGroup & {
  readonly task: PlannedTask
  readonly evaluation: GroupEvaluation
}

/** The group as one that is evaluated; null where it is not. */
export function evaluatedGroup(group: MeasuringGroup): EvaluatedGroup | null {
  const { task, evaluation } = group
  return task === null || evaluation === null ? null : { ...group, task, evaluation }
}

/** The group with some of its cells, and the prompts that these need. */
export function withCells(group: MeasuringGroup, cells: readonly PlannedCell[]): MeasuringGroup {
  const needed = new Set(
    cells.flatMap(({ prompt, sources }) => [prompt ?? '', ...sources.map((source) => source.prompt)])
  )
  return { ...group, cells: [...cells], prompts: group.prompts.filter(({ id }) => needed.has(id)) }
}

/** Whether a cell runs the group's sources, which answer inputs, beside reading their tables. */
export function asksSources({ cells }: Pick<MeasuringGroup, 'cells'>): boolean {
  return cells.some(({ method }) => method.kind === 'refine')
}

export const workGroupSchema = z.discriminatedUnion('kind', [tuningGroupSchema, measuringGroupSchema])
export type WorkGroup = z.infer<typeof workGroupSchema>

/** What a job computes that is not part of an experiment: groups of inputs that the project has registered. */
export const plannedGroupsSchema = z.array(workGroupSchema)

export const experimentPlanSchema = z.object({
  experiment: experimentFileSchema,
  anchors: anchorSetSchema,
  /** What is tuned first, then what is measured, target by target. */
  groups: z.array(workGroupSchema),
  /** In the order of the experiment file. */
  sections: z.array(z.object({ name: z.string(), cells: z.array(experimentCellSchema) }))
})
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>
