/** Tasks: datasets with a template and label words, and how they are read. */
import { z } from 'zod'

export const splitNames = ['train', 'dev', 'test'] as const
export type SplitName = (typeof splitNames)[number]

/** A LAMA / OptiPrompt relation folder: `<relation>/{train,dev,test}.jsonl`. */
export const relationSourceSchema = z.object({
  kind: z.literal('relation'),
  folder: z.string().min(1),
  /** `LAMA_relations.jsonl`; looked for beside and above the folder when not given. */
  metainfo: z.string().optional(),
  /** One word per line; predictions are ranked within it. Null: the whole vocabulary. */
  commonVocabulary: z.string().nullable().default(null),
  /** Instead of the manual template of the metainfo. */
  template: z.string().optional()
})

/** Labelled texts in TSV, CSV or JSONL files. */
export const classificationSourceSchema = z.object({
  kind: z.literal('classification'),
  name: z.string().min(1),
  files: z.object({ train: z.string().optional(), dev: z.string().optional(), test: z.string().optional() }),
  textColumn: z.string().default('text'),
  labelColumn: z.string().default('label'),
  /** Label in the file → the word that stands for it. */
  labelWords: z.record(z.string(), z.string().min(1)),
  /** The manual template, for example `[X] It was [MASK] .`; null where prompts alone are asked. */
  template: z.string().nullable().default(null)
})

export const taskSourceSchema = z.discriminatedUnion('kind', [
  relationSourceSchema,
  classificationSourceSchema
])
export type TaskSource = z.input<typeof taskSourceSchema>
export type RelationSource = z.output<typeof relationSourceSchema>
export type ClassificationSource = z.output<typeof classificationSourceSchema>

export const exampleSchema = z.object({
  /** Stable within the task: the file's own id, else split and line. */
  id: z.string(),
  /** What stands at `[X]`: the subject or the text. */
  input: z.string(),
  /** The word that belongs at the mask. */
  label: z.string()
})
export type Example = z.infer<typeof exampleSchema>

/** How many subjects and objects a relation ties together, as LAMA tells them: the kinds differ in how hard they are. */
export const relationKinds = ['1-1', 'N-1', 'N-M'] as const
export type RelationKind = (typeof relationKinds)[number]

/** What `LAMA_relations.jsonl` says of a relation besides its template; null where it does not. */
export const relationInfoSchema = z.object({
  /** In words, such as `place of birth` of `P19`. */
  label: z.string().nullable(),
  kind: z.enum(relationKinds).nullable()
})

export const taskSchema = z.object({
  name: z.string(),
  kind: z.enum(['relation', 'classification']),
  /** Null of what is no relation, or one that nothing is known of; so in projects of older versions. */
  relation: relationInfoSchema.nullable().default(null),
  /** The manual template; null where none is known. */
  template: z.string().nullable(),
  splits: z.object({
    train: z.array(exampleSchema),
    dev: z.array(exampleSchema),
    test: z.array(exampleSchema)
  }),
  /** The words that a prediction is chosen from; null: every token. */
  candidates: z.array(z.string()).nullable(),
  /** Remarks on what was read: duplicates left out, missing splits, … */
  notes: z.array(z.string())
})
export type Task = z.infer<typeof taskSchema>

/** What a task holds, without its examples. */
export const taskSummarySchema = taskSchema.omit({ splits: true, candidates: true }).extend({
  /** Examples per split. */
  examples: z.object({ train: z.int(), dev: z.int(), test: z.int() }),
  /** How many words a prediction is chosen from; null: every token. */
  candidates: z.int().nullable(),
  /** SHA-256 of template, examples and candidates: tasks are the same where it is. */
  sha256: z.string()
})
export type TaskSummary = z.infer<typeof taskSummarySchema>

/** A relation folder found below another. */
export const foundRelationSchema = z.object({ name: z.string(), folder: z.string() })
export type FoundRelation = z.infer<typeof foundRelationSchema>

/** A label word as a model's tokens: usable where it is one. */
export const labelWordSchema = z.object({
  word: z.string(),
  tokens: z.array(z.object({ id: z.int(), text: z.string() })),
  usable: z.boolean()
})
export type LabelWord = z.infer<typeof labelWordSchema>
