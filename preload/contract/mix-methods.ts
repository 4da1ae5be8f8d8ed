/** Mixing prompts of several sources, and ordering the transfers of a mixture or of all its combinations. */
import { z } from 'zod'
import { scoresSchema } from '#engine/common/contract/evaluation.ts'
import { matrixSchema } from '#engine/common/contract/matrix.ts'
import { baselineMethods, refineSchema } from '#engine/common/contract/methods.ts'
import { suggestedSourcesSchema } from '#engine/common/contract/refinement.ts'
import { retrievalSchema } from '#engine/common/contract/retrieval.ts'
import { splitNames } from '#engine/common/contract/tasks.ts'
import {
  centreSchema,
  maskSettingsSchema,
  rescaleSchema,
  ridgePointSchema,
  searchSettingsSchema,
  transferResultSchema
} from '#engine/common/contract/transfer.ts'
import { mixingBasisSchema } from '#engine/common/mixing/mixing.ts'
import { idSchema, seedsSchema } from './common.ts'
import { evaluationChoiceSchema } from './task-methods.ts'

/** A transfer of prompts of the project, solved for every mixture of its sources at once. */
const mixSchema = z.object({
  sources: z.array(z.object({ promptId: idSchema, modelId: idSchema, weight: z.number().positive() })).min(1),
  targetId: idSchema,
  anchorSetId: idSchema,
  mask: maskSettingsSchema,
  centre: centreSchema,
  ridge: z.number().nonnegative(),
  rescale: rescaleSchema.exclude(['inside'])
})
export type MixOrder = z.input<typeof mixSchema>

/** Vectors that are not kept yet, asked of the target on the first examples of a task. */
const sampleSchema = z.object({
  targetId: idSchema,
  /** What they were mixed from: the template is theirs, where they agree. */
  promptIds: z.array(idSchema).min(1),
  /** Each `[m, e]`. */
  prompts: z.array(matrixSchema).min(1),
  taskId: idSchema,
  split: z.enum(splitNames),
  limit: z.int().positive()
})

/** How a mixture is refined on the target by what its sources answer; λ is the mixture's. */
const refinementOrderSchema = mixSchema.extend({
  /** Whose inputs are answered, and on whose test split the refined prompt is evaluated. */
  taskId: idSchema,
  settings: refineSchema.omit({ kind: true, ridge: true }),
  seed: z.int(),
  device: z.string().default('auto')
})
export type CheckedRefinement = z.output<typeof refinementOrderSchema>

const [, adamSchema] = searchSettingsSchema.options

const gridSearchSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exact'), ridges: z.array(z.number().nonnegative()).min(1) }),
  adamSchema.omit({ seed: true, snapshotEvery: true, start: true }).extend({ seeds: seedsSchema })
])

/** Every set of the sources transferred to every target with every setting. */
export const gridSchema = z.object({
  /** Each with one prompt, or with one per relation. */
  sources: z
    .array(
      z.object({
        modelId: idSchema,
        promptIds: z.array(idSchema).min(1),
        weight: z.number().positive().default(1)
      })
    )
    .min(1),
  /** How many of the sources are transferred together, at least and at most. */
  together: z.object({ least: z.int().positive(), most: z.int().positive() }),
  /** Where there are some: instead of all sets, the sources with each of these weights; 0 leaves a source out. */
  mixtures: z.array(z.array(z.number().nonnegative())).default([]),
  /** Whether prompts are transferred to a target that is among their sources too. */
  includeSelfTransfer: z.boolean(),
  targetIds: z.array(idSchema).min(1),
  anchorSetIds: z.array(idSchema).min(1),
  masks: z.array(maskSettingsSchema).min(1),
  centres: z.array(centreSchema).min(1),
  searches: z.array(gridSearchSchema),
  /** Not centred, and rescaled where they say so: a baseline is what it is called. */
  baselines: z.array(z.discriminatedUnion('kind', baselineMethods)).default([]),
  rescale: rescaleSchema,
  /** `taskId` null: the task of the project that is called like the relation of the prompts. */
  evaluation: evaluationChoiceSchema.extend({ taskId: idSchema.nullable() }).nullable(),
  device: z.string().default('auto')
})
export type TransferGrid = z.input<typeof gridSchema>
export type CheckedTransferGrid = z.output<typeof gridSchema>

const gridPlanSchema = z.object({
  runs: z.int(),
  /** Of the queue: one per set of sources, target and setting. */
  jobs: z.int(),
  /** How many of the runs are asked a task too. */
  evaluated: z.int(),
  /** Null where a trial of it failed, as the runs may. */
  seconds: z.number().nullable(),
  /** What the seconds were told by. */
  estimatedFrom: z.enum(['earlier-runs', 'trial']),
  /** Of memory, that the largest takes at the most. */
  bytes: z.number(),
  /** What was left out, and why. */
  notes: z.array(z.string())
})
export type GridPlan = z.infer<typeof gridPlanSchema>

export const mixMethods = {
  'mix.basis': { arguments: mixSchema, result: mixingBasisSchema },
  /** The transfer itself, with its report, for one set of weights. */
  'mix.transfer': { arguments: mixSchema, result: transferResultSchema },
  /** How often held-out anchors are found again with these weights; null where the anchors are too few. */
  'mix.retrieval': { arguments: mixSchema, result: retrievalSchema.nullable() },
  /** The result for one set of weights at every λ of `ridges`. */
  'mix.ridgePath': {
    arguments: mixSchema.omit({ ridge: true }).extend({ ridges: z.array(z.number().nonnegative()).min(1) }),
    result: z.array(ridgePointSchema)
  },
  /** How well each of the prompts does; nothing of it is kept. */
  'mix.sample': { arguments: sampleSchema, result: z.array(scoresSchema) },
  /** What it is held against on the same examples: the manual template, and the target's own prompt; null: there is none. */
  'mix.references': {
    arguments: sampleSchema.omit({ promptIds: true, prompts: true }),
    result: z.object({ manual: scoresSchema.nullable(), own: scoresSchema.nullable() })
  },

  /** Which sets of the sources agree best with all of them on inputs of a task, whose labels are not looked at. */
  'mix.suggestSources': {
    arguments: mixSchema.extend({ taskId: idSchema, inputs: refineSchema.shape.inputs, seed: z.int() }),
    result: suggestedSourcesSchema
  },
  /** Queues a refinement without labels. */
  'mix.refine': { arguments: refinementOrderSchema, result: z.object({ jobId: idSchema }) },

  /** What a grid comes to, before anything is queued. */
  'transfers.plan': { arguments: gridSchema, result: gridPlanSchema },
  /** Queues the grid. */
  'transfers.order': {
    arguments: gridSchema,
    result: z.object({ jobIds: z.array(idSchema), runs: z.int(), notes: z.array(z.string()) })
  }
} as const
