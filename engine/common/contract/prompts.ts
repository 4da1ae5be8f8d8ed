/** Prompts and the files that hold them. */
import { z } from 'zod'
import { matrixSchema } from './matrix.ts'
import { modelReportSchema } from './models.ts'

export const promptFormats = [
  'peft',
  'optiprompt',
  'torch',
  'openprompt',
  'thunlp',
  'npy',
  'npz',
  'safetensors',
  'json',
  'csv',
  'vllm',
  'llama-cpp'
] as const
export type PromptFormat = (typeof promptFormats)[number]

/** The formats that are written too; the others are only read. */
export const writtenFormats = promptFormats.filter((format) => format !== 'openprompt' && format !== 'thunlp')
export type WrittenFormat = (typeof writtenFormats)[number]

/** Where the prompt stands in the input: part of what the vectors mean. */
export const promptPositionSchema = z.enum([
  'before-everything',
  'before-input',
  'after-input',
  'template',
  'unknown'
])

export const promptOriginSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    path: z.string(),
    sha256: z.string(),
    format: z.enum(promptFormats),
    /** Which of the file's candidates was read. */
    part: z.string(),
    /** The tensor read, with its stored type and shape. */
    tensor: z.string(),
    dtype: z.string(),
    shape: z.array(z.int())
  }),
  /** Transferred by a run of the project, whose manifest says how. */
  z.object({ kind: z.literal('run'), run: z.string() }),
  /** Tuned by this run of the project, or as these words say. */
  z.object({ kind: z.literal('tuning'), tuning: z.string() })
])
export type PromptOrigin = z.infer<typeof promptOriginSchema>

/** The run that found or tuned a prompt, or words that say how; null for an imported one. */
export function originRun(origin: PromptOrigin): string | null {
  switch (origin.kind) {
    case 'file':
      return null
    case 'run':
      return origin.run
    case 'tuning':
      return origin.tuning
  }
}

export const promptSchema = z.object({
  name: z.string().min(1),
  /** `[m, e]`. */
  vectors: matrixSchema,
  /** What the file or run says of its model: name and, where known, fingerprint of the table. */
  model: z.object({ name: z.string().nullable(), tableFingerprint: z.string().nullable() }),
  task: z.string().nullable(),
  /** Relation such as `P19`, from the folder of an OptiPrompt tree. */
  relation: z.string().nullable(),
  position: promptPositionSchema,
  /** The template with `[X] [V1] .. [MASK]`, where known. */
  template: z.string().nullable(),
  origin: promptOriginSchema,
  /** Remarks: exploded values, rows left out, what is missing. */
  warnings: z.array(z.string())
})
export type Prompt = z.infer<typeof promptSchema>

/** One matrix that could be imported from a file, before the person chose. */
export const promptCandidateSchema = z.object({
  /** Path of the file that holds it. */
  path: z.string(),
  format: z.enum(promptFormats),
  /** Name to choose it by: the tensor's name, or `encoder` / `decoder` / `task 2`. */
  part: z.string(),
  dtype: z.string(),
  /** `[m, e]`. */
  shape: z.array(z.int()),
  task: z.string().nullable(),
  relation: z.string().nullable(),
  modelName: z.string().nullable(),
  position: promptPositionSchema,
  /** The file holds more rows than the prompt uses: only the person knows how many. */
  rowsMustBeChosen: z.boolean(),
  /** What is missing or odd, for the person to know before choosing. */
  warnings: z.array(z.string())
})
export type PromptCandidate = z.infer<typeof promptCandidateSchema>

/** What a file or folder holds: what can be imported, and what looked like a prompt but can't be. */
export const promptInspectionSchema = z.object({
  candidates: z.array(promptCandidateSchema),
  refused: z.array(
    z.object({
      path: z.string(),
      message: z.string(),
      found: z.string().optional(),
      expected: z.string().optional(),
      next: z.string().optional()
    })
  )
})
export type PromptInspection = z.infer<typeof promptInspectionSchema>

/** What readers and writers of prompt files ask of the model that a prompt is for: a model's report has it. */
export const promptModelSchema = modelReportSchema.pick({ family: true, embeddingScale: true, kind: true })
export type PromptModel = z.infer<typeof promptModelSchema>

/** How to read a prompt where the file alone does not say. */
export const promptChoiceSchema = z.object({
  /** A file, or a folder that holds one prompt (a PEFT adapter, an OptiPrompt relation). */
  path: z.string().min(1),
  /** A candidate's `part`; needed where a file holds several. */
  part: z.string().optional(),
  /** Only the first rows: OptiPrompt files always hold 10, of which the template uses fewer. */
  vectors: z.int().positive().optional(),
  name: z.string().optional(),
  template: z.string().optional(),
  /** The model that it is for: PEFT's vectors carry the factor by which some models multiply embeddings. */
  model: promptModelSchema.optional()
})
export type PromptChoice = z.infer<typeof promptChoiceSchema>

/** A whole folder of prompts, such as `<model>/<relation>/prompt_vecs.npy`. */
export const promptTreeSchema = promptChoiceSchema.pick({ path: true, vectors: true, model: true })
export type PromptTree = z.infer<typeof promptTreeSchema>

/** PEFT's own names; they decide whether PEFT puts the prompt before the input at all. */
export const peftTaskTypes = [
  'CAUSAL_LM',
  'SEQ_2_SEQ_LM',
  'SEQ_CLS',
  'TOKEN_CLS',
  'QUESTION_ANS',
  'FEATURE_EXTRACTION'
] as const

export const promptWriteSchema = z.object({
  prompt: promptSchema,
  format: z.enum(promptFormats),
  /** The file to write; for PEFT the folder. */
  path: z.string().min(1),
  /** OptiPrompt and PTfer: fill up to the 10 rows that their code reads. */
  padRows: z.boolean().default(false),
  /** Replace what is there already; refused otherwise. */
  overwrite: z.boolean().default(false),
  /** PEFT: the kind of model that will load the prompt; null: by the model's kind. */
  peftTaskType: z.enum(peftTaskTypes).nullable().default(null),
  /** Write a note beside the prompt that says how its reader loads it. */
  note: z.boolean().default(true),
  /** The model that will load the prompt: its factor on embeddings, and its kind. Null where it is not known. */
  model: promptModelSchema.nullable().default(null)
})
export type PromptWrite = z.input<typeof promptWriteSchema>

export const promptWrittenSchema = z.object({
  files: z.array(z.string()),
  /** What the person has to know to use the files. */
  notes: z.array(z.string())
})
export type PromptWritten = z.infer<typeof promptWrittenSchema>
