/** Runs: what was computed and how well it does, for tables, figures and comparison. */
import { z } from 'zod'
import { rankWithinSchema, scoresSchema } from '#engine/common/contract/evaluation.ts'
import { peftTaskTypes, writtenFormats } from '#engine/common/contract/prompts.ts'
import { retrievalSchema } from '#engine/common/contract/retrieval.ts'
import { curvePointSchema, keptPredictionSchema, targetDataSchema } from '#engine/common/contract/runs.ts'
import { splitNames } from '#engine/common/contract/tasks.ts'
import { centreSchema, transferReportSchema } from '#engine/common/contract/transfer.ts'
import { idSchema, nothing, partSchema } from './common.ts'
import { removalSchema } from './removal-methods.ts'

/** One row of the table of runs: the manifest laid flat. */
export const runEntrySchema = z.object({
  id: idSchema,
  name: z.string(),
  /** The same for runs that differ in relation, seed and prompts alone. */
  configuration: z.string(),
  jobId: idSchema.nullable(),
  promptId: idSchema.nullable(),
  /**
   * The source models in their order: their names, with a part of the fingerprint where two models have one name, the
   * fingerprints of their tables, and their weights.
   */
  sources: z.array(
    z.object({ model: z.string(), table: z.string(), prompt: z.string(), weight: z.number() })
  ),
  target: z.string(),
  targetTable: z.string(),
  /** What it was evaluated on; null: not evaluated. */
  task: z.string().nullable(),
  relation: z.string().nullable(),
  /** The kind of method: `exact`, `adam`, a baseline or a reference. */
  method: z.string(),
  /** `m`; null where there are no vectors. */
  promptLength: z.int().nullable(),
  /** Null where the method has no anchors, and so on. */
  anchorSet: z.string().nullable(),
  anchors: z.int().nullable(),
  /** Anchors kept per vector; null: all. */
  kept: z.int().nullable(),
  mask: z.enum(['all', 'top-k', 'common-top-k']).nullable(),
  /** λ of the exact search. */
  ridge: z.number().nullable(),
  seed: z.int().nullable(),
  selection: z.string(),
  targetData: targetDataSchema.nullable(),
  /** Of a refinement without labels: its settings in words, and what it cost. */
  refinement: z.object({ settings: z.string(), cost: z.string() }).nullable(),
  /** Null where there are no anchors. */
  centre: centreSchema.nullable(),
  rescale: z.enum(['after', 'inside', 'none']).nullable(),
  device: z.string(),
  /** Mean over vectors of Eq. 7 over the sum of weights, from −1 to 1; null where nothing was matched. */
  matching: z.number().nullable(),
  /** How often held-out anchors were found again; null where it was not measured. */
  retrieval: retrievalSchema.pick({ hit1: true, cosine: true }).nullable(),
  /** Null: not evaluated. */
  scores: scoresSchema.nullable(),
  /** How it was evaluated; null where it was not. */
  split: z.enum(splitNames).nullable(),
  rankWithin: rankWithinSchema.nullable(),
  /** It came from the target's graph, and with which weights is not known: an older version computed it. */
  weightsUnverified: z.boolean(),
  /** A race chose its set or weights by labels of this split, among so many: not zero-shot; null where none did. */
  chosenOn: z.object({ split: z.enum(splitNames), among: z.int() }).nullable(),
  archived: z.boolean(),
  tags: z.array(z.string()),
  seconds: z.number(),
  createdAt: z.int()
})
export type RunEntry = z.infer<typeof runEntrySchema>

export const noteSchema = z.object({ id: idSchema, text: z.string(), changedAt: z.int() })

export const runDetailsSchema = z.object({
  id: idSchema,
  name: z.string(),
  weightsUnverified: z.boolean(),
  /** As stored and exported. */
  manifest: z.json(),
  matching: z.number().nullable(),
  scores: scoresSchema.nullable(),
  /** Of what the exact search or Adam found; null where none was kept. */
  report: transferReportSchema.nullable(),
  /** Of a search the loss before each step, of a tuning the training loss of every step. */
  loss: z.instanceof(Float64Array).nullable(),
  chosenStep: z.int().nullable(),
  /** Accuracy along the search or tuning, on the dev split. */
  curve: z.array(curvePointSchema),
  remarks: z.array(z.string()),
  notes: z.array(noteSchema)
})
export type RunDetails = z.infer<typeof runDetailsSchema>

/** The highest rank that is told apart. */
export const highestRank = 255

/** Of several runs the rank of every example's label. */
export const outcomesSchema = z.object({
  /** Ids of examples; runs that were asked the same share a list. */
  lists: z.array(z.array(z.string())),
  runs: z.array(
    z.object({
      id: idSchema,
      /** Which of the lists. */
      list: z.int(),
      /** Rank of the label by example, from 1; 255 for that and beyond. */
      ranks: z.instanceof(Uint8Array)
    })
  )
})
export type Outcomes = z.infer<typeof outcomesSchema>

/** Prompts to write, and how. */
export const exportOrderSchema = z.object({
  promptIds: z.array(idSchema).min(1),
  format: z.enum(writtenFormats),
  /** PEFT: the kind of model that will load the prompts. */
  peftTaskType: z.enum(peftTaskTypes).nullable().default(null),
  padRows: z.boolean().default(false)
})

export const exportedFileSchema = z.object({
  /** Below the folder of the export, with `/`. */
  path: z.string(),
  bytes: z.int(),
  /** The beginning, for text files; null for binary ones. */
  text: z.string().nullable()
})
export type ExportedFile = z.infer<typeof exportedFileSchema>

const exportedSchema = z.object({ files: z.array(exportedFileSchema), notes: z.array(z.string()) })
export type Exported = z.infer<typeof exportedSchema>

export const runMethods = {
  /** Newest first. */
  'runs.list': {
    arguments: partSchema,
    result: z.array(runEntrySchema)
  },
  'runs.get': { arguments: z.object({ id: idSchema }), result: runDetailsSchema },
  /** Example by example; empty for a run that is not evaluated. */
  'runs.predictions': { arguments: z.object({ id: idSchema }), result: z.array(keptPredictionSchema) },
  /** How evaluated runs did, example by example. */
  'runs.outcomes': { arguments: z.object({ ids: z.array(idSchema) }), result: outcomesSchema },
  'runs.rename': { arguments: z.object({ id: idSchema, name: z.string().trim().min(1) }), result: nothing },
  /** Out of sight, or back. */
  'runs.archive': {
    arguments: z.object({ ids: z.array(idSchema).min(1), archived: z.boolean() }),
    result: nothing
  },
  /** Takes runs out of the project with their notes and tags; prompts and files stay. */
  'runs.remove': { arguments: z.object({ ids: z.array(idSchema).min(1) }), result: removalSchema },
  /** Queues each run again from its manifest. */
  'runs.repeat': {
    arguments: z.object({ ids: z.array(idSchema).min(1) }),
    result: z.object({ jobIds: z.array(idSchema) })
  },
  'runs.tag': {
    arguments: z.object({ ids: z.array(idSchema).min(1), tag: z.string().trim().min(1), on: z.boolean() }),
    result: nothing
  },
  'notes.add': {
    arguments: z.object({ runId: idSchema, text: z.string().min(1) }),
    result: z.object({ id: idSchema })
  },
  'notes.remove': { arguments: z.object({ id: idSchema }), result: nothing },

  /** The exact files that an export would write, made and thrown away. */
  'export.preview': { arguments: exportOrderSchema, result: exportedSchema },
  /** Writes them, each prompt that a run made with its manifest beside it. */
  'export.write': {
    arguments: exportOrderSchema.extend({ folder: z.string().min(1), overwrite: z.boolean() }),
    result: exportedSchema
  },
  /** Writes them into one zip archive, with a page that says what they are, for a colleague. */
  'export.bundle': {
    arguments: exportOrderSchema.extend({ path: z.string().min(1) }),
    result: exportedSchema
  },

  /** What the window was showing, by the name of the view. */
  'views.all': { arguments: nothing, result: z.record(z.string(), z.json()) },
  'views.set': { arguments: z.object({ name: z.string().min(1), state: z.json() }), result: nothing }
} as const
