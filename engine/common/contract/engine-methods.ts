/** Every method of the engine: arguments, result and progress, checked by the receiving side. */
import { z } from 'zod'
import { mixingBasisSchema } from '#engine/common/mixing/mixing.ts'
import {
  anchorBuildSchema,
  anchorSetSchema,
  anchorSpanRequestSchema,
  anchorSpanSchema,
  overlapRequestSchema,
  vocabularyOverlapSchema
} from './anchors.ts'
import { baselineRequestSchema, baselineResultSchema } from './baselines.ts'
import { evaluationRequestSchema, evaluationResultSchema, skippedExamplesSchema } from './evaluation.ts'
import { modelExaminationSchema } from './examination.ts'
import { graphReportSchema } from './graphs.ts'
import { fileHashSchema, modelReferenceSchema, modelReportSchema, modelWeightsSchema } from './models.ts'
import {
  describeRequestSchema,
  foundWordSchema,
  planeRequestSchema,
  planeSchema,
  vectorPlaceSchema,
  wordRequestSchema
} from './neighbours.ts'
import {
  promptChoiceSchema,
  promptInspectionSchema,
  promptSchema,
  promptTreeSchema,
  promptWriteSchema,
  promptWrittenSchema
} from './prompts.ts'
import {
  agreementRequestSchema,
  agreementResultSchema,
  refinementRequestSchema,
  refinementResultSchema
} from './refinement.ts'
import { retrievalRequestSchema, retrievalSchema } from './retrieval.ts'
import { similarityRequestSchema, similaritySchema } from './similarity.ts'
import { foundRelationSchema, labelWordSchema, taskSourceSchema, taskSummarySchema } from './tasks.ts'
import {
  mixingRequestSchema,
  ridgePathRequestSchema,
  ridgePointSchema,
  transferRequestSchema,
  transferResultSchema
} from './transfer.ts'
import { tuningRequestSchema, tuningResultSchema } from './tuning.ts'
import { modelCheckSchema, verifyRowSchema } from './verify.ts'

/** Progress of a call: `done` of `total` units, and what is being done. */
export const progressSchema = z.object({
  done: z.number(),
  total: z.number(),
  label: z.string(),
  /** Figures of the moment, such as `loss` or `accuracy`, for a live curve. */
  values: z.record(z.string(), z.number()).optional()
})
export type Progress = z.infer<typeof progressSchema>

const nothing = z.object({})

/** What an engine keeps from one call to the next: prepared tables and factors, or the session of a model that was queried. */
const keptForSchema = z.enum(['transfers', 'queries'])
export type KeptFor = z.infer<typeof keptForSchema>

export const engineInfoSchema = z.object({
  versions: z.record(z.string(), z.string()),
  /** Execution providers that this build of onnxruntime brings. */
  providers: z.array(z.object({ name: z.string(), bundled: z.boolean() })),
  processId: z.int()
})

export const deviceMeasurementSchema = z.object({
  name: z.string(),
  available: z.boolean(),
  /** Seconds for the method's own product, and the largest difference from the CPU's numbers. */
  seconds: z.number().nullable(),
  largestDifference: z.number().nullable(),
  agrees: z.boolean(),
  /** Whether `auto` takes this one. */
  chosen: z.boolean(),
  note: z.string()
})
export type DeviceMeasurement = z.infer<typeof deviceMeasurementSchema>

export const engineMethods = {
  'engine.info': { arguments: nothing, result: engineInfoSchema },
  /** Lets go of what is kept for work of a kind and not in use, where it takes much. */
  'memory.release': { arguments: z.object({ keptFor: keptForSchema }), result: nothing },
  /** As measured last; measured now where nobody asked before. */
  'devices.known': { arguments: nothing, result: z.array(deviceMeasurementSchema) },
  'devices.measure': { arguments: nothing, result: z.array(deviceMeasurementSchema) },
  'models.inspect': { arguments: modelReferenceSchema, result: modelReportSchema },
  /** How alike the tables of models are; its progress is in pairs. */
  'models.similarity': { arguments: similarityRequestSchema, result: similaritySchema },
  /** What a model can do, found out by asking it once. */
  'models.examine': { arguments: modelReferenceSchema, result: modelExaminationSchema },
  /** Hashes what a model's graph reads, but for files that are known and unchanged. */
  'models.weights': {
    arguments: z.object({ model: modelReferenceSchema, known: z.array(fileHashSchema) }),
    result: modelWeightsSchema
  },
  'graph.inspect': { arguments: modelReferenceSchema, result: graphReportSchema },
  /** How a model knows a word: its pieces, its tokens, and their neighbours. */
  'words.find': { arguments: wordRequestSchema, result: foundWordSchema },
  'anchors.build': { arguments: anchorBuildSchema, result: anchorSetSchema },
  /** Which words of the vocabularies each combination of models shares. */
  'anchors.overlap': { arguments: overlapRequestSchema, result: vocabularyOverlapSchema },
  /** What the first anchors of a set span in each model: rank and coverage against their number; its progress is in hundredths of a model. */
  'anchors.span': { arguments: anchorSpanRequestSchema, result: anchorSpanSchema },
  'anchors.read': { arguments: z.object({ path: z.string() }), result: anchorSetSchema },
  'anchors.write': {
    arguments: z.object({
      set: anchorSetSchema,
      path: z.string(),
      /** Replace what is there already; refused otherwise. */
      overwrite: z.boolean().default(false)
    }),
    result: nothing
  },
  /** Everything importable under a file or folder. */
  'prompts.inspect': { arguments: z.object({ path: z.string() }), result: promptInspectionSchema },
  'prompts.read': { arguments: promptChoiceSchema, result: promptSchema },
  /** Every prompt of an OptiPrompt or PTfer tree, or none where one of them can't be read. */
  'prompts.readTree': { arguments: promptTreeSchema, result: z.array(promptSchema) },
  /** What vectors are near to among the words of their model, and how long they are beside them. */
  'prompts.describe': { arguments: describeRequestSchema, result: z.array(vectorPlaceSchema) },
  /** Vectors, their nearest words and other vectors of the model in two dimensions. */
  'prompts.plane': { arguments: planeRequestSchema, result: planeSchema },
  'prompts.write': { arguments: promptWriteSchema, result: promptWrittenSchema },
  'transfer.run': { arguments: transferRequestSchema, result: transferResultSchema },
  /** Each source solved once; `mix` then answers for any weights. */
  'transfer.mixingBasis': { arguments: mixingRequestSchema, result: mixingBasisSchema },
  /** The exact result along λ. */
  'transfer.ridgePath': { arguments: ridgePathRequestSchema, result: z.array(ridgePointSchema) },
  /** How often held-out anchors are found again: the check of a condition that needs no labels. */
  'transfer.retrieval': { arguments: retrievalRequestSchema, result: retrievalSchema },
  /** Prompts transferred by a baseline instead of the method; those of several sources are averaged. */
  'baselines.run': { arguments: baselineRequestSchema, result: baselineResultSchema },
  /** The relation folders at or below a folder, in order of their names. */
  'tasks.findRelations': {
    arguments: z.object({ folder: z.string().min(1) }),
    result: z.array(foundRelationSchema)
  },
  /** Reads a task and says what it holds. */
  'tasks.inspect': { arguments: taskSourceSchema, result: taskSummarySchema },
  /** What label words are to a model: the tokens of each, and whether it can be predicted. */
  'tasks.labelWords': {
    arguments: z.object({ model: modelReferenceSchema, words: z.array(z.string().min(1)) }),
    result: z.array(labelWordSchema)
  },
  /** Query a model with prompts, manual templates and random vectors on a task. */
  'evaluation.run': { arguments: evaluationRequestSchema, result: evaluationResultSchema },
  /** Ids and labels of the examples that the first of the conditions can be evaluated on: those that are not skipped. */
  'evaluation.examples': {
    arguments: evaluationRequestSchema,
    result: z.object({
      examples: z.array(z.string()),
      labels: z.array(z.string()),
      skipped: skippedExamplesSchema
    })
  },
  /** Tune a prompt; cancelled in the middle, the best so far is the result. */
  'tuning.run': { arguments: tuningRequestSchema, result: tuningResultSchema },
  /** Tuning with the answers of source models in place of labels. */
  'tuning.refine': { arguments: refinementRequestSchema, result: refinementResultSchema },
  /** How often prompts of the target answer inputs without labels as the sources do. */
  'tuning.agreement': { arguments: agreementRequestSchema, result: agreementResultSchema },
  /** Compare the engine with a folder laid out like the reference data. */
  'verify.run': { arguments: z.object({ folder: z.string() }), result: z.array(verifyRowSchema) },
  /** The folders at or below a folder that hold a `reference.safetensors`, in order of their names. */
  'verify.findModels': { arguments: z.object({ folder: z.string() }), result: z.array(z.string()) },
  /** Compare one model with the `reference.safetensors` beside it. */
  'verify.model': { arguments: z.object({ folder: z.string() }), result: modelCheckSchema }
} as const

/** Everything that the engine and who starts it agree on; the engine tells nothing unasked. */
export const engineContract = { methods: engineMethods, events: {} } as const
export type EngineContract = typeof engineContract

/** What a method is asked with, defaults left out. */
export type EngineArguments<M extends keyof typeof engineMethods> = z.input<
  (typeof engineMethods)[M]['arguments']
>
