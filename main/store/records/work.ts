/**
 * What a job is asked to do, as stored before it runs: settings for the whole job, and one piece of work
 * per cell. The rows alone are enough to go on after a crash.
 */
import { z } from 'zod'
import { baselineMethods } from '#engine/common/contract/methods.ts'
import { evaluationSettingsSchema } from '#engine/common/contract/runs.ts'
import {
  centreSchema,
  maskSettingsSchema,
  rescaleSchema,
  solverSettingsSchema
} from '#engine/common/contract/transfer.ts'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'

const [exactSolver, adamSolver] = solverSettingsSchema.options

/** The search of a stored transfer, or a baseline: a start other than the seeded one is for comparisons, not for projects. */
const storedSolverSchema = z.discriminatedUnion('kind', [
  exactSolver,
  adamSolver.omit({ start: true }),
  ...baselineMethods
])

export const transferSettingsSchema = z.object({
  kind: z.literal('transfer'),
  sources: z.array(z.object({ modelId: z.string(), weight: z.number().positive() })).min(1),
  targetId: z.string(),
  /** Null where the method needs none. */
  anchorSetId: z.string().nullable(),
  mask: maskSettingsSchema,
  centre: centreSchema.default('none'),
  solver: storedSolverSchema,
  rescale: rescaleSchema,
  /** `auto` or a provider's name. */
  device: z.string(),
  /** The target is asked with every result, of the task that the cell names. */
  evaluation: evaluationSettingsSchema.nullable().default(null)
})
export type TransferSettings = z.infer<typeof transferSettingsSchema>

/** One relation, or the one prompt: a prompt per source, in the order of the sources. */
export const transferWorkSchema = z.object({
  kind: z.literal('transfer'),
  promptIds: z.array(z.string()).min(1),
  /** Instead of the seed of the settings, where the method draws numbers. */
  seed: z.int().nullable(),
  /** The task that the result is asked, or null. */
  taskId: z.string().nullable().default(null)
})
export type TransferWork = z.infer<typeof transferWorkSchema>

const evaluationJobSchema = evaluationSettingsSchema.extend({
  kind: z.literal('evaluation'),
  modelId: z.string(),
  device: z.string()
})
export type EvaluationJobSettings = z.infer<typeof evaluationJobSchema>

/** One task, asked with everything at once. */
const evaluationWorkSchema = z.object({
  kind: z.literal('evaluation'),
  taskId: z.string(),
  /** Conditions; project files of version 4 know them by this name. */
  contestants: z
    .array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('prompt'), promptId: z.string() }),
        z.object({ kind: z.literal('manual') }),
        z.object({ kind: z.literal('random'), vectors: z.int().positive(), seed: z.int() })
      ])
    )
    .min(1)
})
export type EvaluationWork = z.infer<typeof evaluationWorkSchema>

const tuningJobSchema = z.object({
  kind: z.literal('tuning'),
  modelId: z.string(),
  start: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('random'), vectors: z.int().positive() }),
    z.object({ kind: z.literal('manual') }),
    z.object({ kind: z.literal('prompt'), promptId: z.string() })
  ]),
  /** Null: OptiPrompt's `[X] [V1] .. [Vm] [MASK] .`. */
  template: z.string().nullable(),
  settings: tuningSettingsSchema,
  device: z.string()
})
export type TuningJobSettings = z.infer<typeof tuningJobSchema>

/** One task and seed. */
const tuningWorkSchema = z.object({ kind: z.literal('tuning'), taskId: z.string(), seed: z.int() })
export type TuningWork = z.infer<typeof tuningWorkSchema>

/** An experiment whose plan the project holds; the device is the plan's. */
const experimentSettingsSchema = z.object({ kind: z.literal('experiment'), experimentId: z.string() })
export type ExperimentSettings = z.infer<typeof experimentSettingsSchema>

/** One group of the plan. */
const experimentWorkSchema = z.object({ kind: z.literal('experiment'), groupId: z.string() })
export type ExperimentWork = z.infer<typeof experimentWorkSchema>

export const jobSettingsSchema = z.discriminatedUnion('kind', [
  transferSettingsSchema,
  evaluationJobSchema,
  tuningJobSchema,
  experimentSettingsSchema
])
export type JobSettings = z.input<typeof jobSettingsSchema>

export const cellWorkSchema = z.discriminatedUnion('kind', [
  transferWorkSchema,
  evaluationWorkSchema,
  tuningWorkSchema,
  experimentWorkSchema
])
export type CellWork = z.input<typeof cellWorkSchema>
