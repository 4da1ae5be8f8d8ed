/** Prompts and the files that hold them. */
import { z } from 'zod'
import { matrixSchema } from './matrix.ts'

export const promptFormats = [
  'peft',
  'optiprompt',
  'torch',
  'openprompt',
  'npy',
  'npz',
  'safetensors',
  'json',
  'csv',
  'vllm',
  'llama-cpp'
] as const
export type PromptFormat = (typeof promptFormats)[number]

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
    /** The tensor read, with its stored type and shape. */
    tensor: z.string(),
    dtype: z.string(),
    shape: z.array(z.int())
  }),
  /** Made by a run of this project: transfer, tuning, …; the run's manifest says how. */
  z.object({ kind: z.literal('run'), run: z.string() })
])

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
  relation: z.string().nullable(),
  modelName: z.string().nullable(),
  warnings: z.array(z.string())
})
export type PromptCandidate = z.infer<typeof promptCandidateSchema>

/** How to read a prompt where the file alone does not say. */
export const promptChoiceSchema = z.object({
  path: z.string().min(1),
  /** A candidate's `part`; needed where a file holds several. */
  part: z.string().optional(),
  /** OptiPrompt files always hold 10 rows: how many of them the template uses. */
  vectors: z.int().positive().optional(),
  name: z.string().optional(),
  template: z.string().optional()
})
export type PromptChoice = z.infer<typeof promptChoiceSchema>
