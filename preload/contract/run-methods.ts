/** Runs: what was carried and how well it does, for tables, pictures and comparison. */
import { z } from 'zod'
import { scoresSchema } from '#engine/common/contract/evaluation.ts'
import { peftTaskTypes, writtenFormats } from '#engine/common/contract/prompts.ts'
import { transferReportSchema } from '#engine/common/contract/transfer.ts'
import { idSchema, nothing } from './common.ts'

/** One row of the table of runs: the manifest laid flat. */
export const runEntrySchema = z.object({
  id: idSchema,
  name: z.string(),
  jobId: idSchema.nullable(),
  promptId: idSchema.nullable(),
  /** Names of the source models, in their order, with their weights. */
  sources: z.array(z.object({ model: z.string(), prompt: z.string(), weight: z.number() })),
  target: z.string(),
  relation: z.string().nullable(),
  /** `m`. */
  promptLength: z.int().nullable(),
  anchorSet: z.string(),
  anchors: z.int(),
  /** Anchors kept per vector; null: all. */
  kept: z.int().nullable(),
  mask: z.enum(['all', 'top-k', 'common-top-k']),
  solver: z.enum(['exact', 'adam']),
  /** λ of the exact search. */
  ridge: z.number().nullable(),
  /** Of Adam. */
  seed: z.int().nullable(),
  selection: z.string(),
  rescale: z.enum(['after', 'inside', 'none']),
  device: z.string(),
  /** Mean over vectors of Eq. 7 over the sum of weights, from −1 to 1. */
  matching: z.number(),
  /** The newest evaluation of the prompt that was made. */
  evaluation: z.object({ id: idSchema, scores: scoresSchema }).nullable(),
  tags: z.array(z.string()),
  seconds: z.number(),
  createdAt: z.int()
})
export type RunEntry = z.infer<typeof runEntrySchema>

export const noteSchema = z.object({ id: idSchema, text: z.string(), changedAt: z.int() })

export const runDetailsSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** As stored and exported. */
  manifest: z.json(),
  report: transferReportSchema,
  /** Adam only: the loss before each step, and the step chosen. */
  search: z.object({ loss: z.instanceof(Float64Array), chosenStep: z.int() }).nullable(),
  notes: z.array(noteSchema)
})
export type RunDetails = z.infer<typeof runDetailsSchema>

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
  'runs.list': { arguments: nothing, result: z.array(runEntrySchema) },
  'runs.get': { arguments: z.object({ id: idSchema }), result: runDetailsSchema },
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
