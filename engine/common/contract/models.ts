/** What the engine says of a model folder. */
import { z } from 'zod'

/** How a model folder is opened. */
export const modelReferenceSchema = z.object({
  /** Absolute path of the folder with `config.json`, tokenizer and weights. */
  folder: z.string().min(1),
  /** Weights file inside the folder, where several hold a table. */
  weights: z.string().optional(),
  /** Name of the embedding tensor, where the one found by architecture is not the one meant. */
  tensor: z.string().optional()
})
export type ModelReference = z.infer<typeof modelReferenceSchema>

/** How a language model is asked: at a mask, for the next token, or its decoder for its first one. */
export const modelKindSchema = z.enum(['masked', 'causal', 'encoder-decoder'])
export type ModelKind = z.infer<typeof modelKindSchema>

export const tableCandidateSchema = z.object({
  /** Path relative to the model folder. */
  file: z.string(),
  tensor: z.string(),
  /** Stored type, for example `F32`, `F16`, `BF16`, `uint8 + scale`. */
  dtype: z.string(),
  shape: z.array(z.int())
})

export const modelReportSchema = z.object({
  folder: z.string(),
  name: z.string(),
  /** `model_type` of config.json: `bert`, `roberta`, `albert`, `gpt2`, … */
  family: z.string(),
  architecture: z.string().optional(),
  /** Missing in what projects kept before it was told. */
  kind: modelKindSchema.optional(),
  /** Number of tokens that the tokenizer knows. */
  vocabularySize: z.int(),
  /** `e`, the width of the word-embedding table. */
  width: z.int(),
  table: tableCandidateSchema,
  /** Other tensors that could be the table, for the person to choose from. */
  alternatives: z.array(tableCandidateSchema),
  /** Why this table was chosen, one sentence. */
  choice: z.string(),
  /** Rows that belong to a token; statistics and anchors use these alone. */
  rowsUsed: z.int(),
  /** Rows of the table that no token has. */
  paddingRows: z.int(),
  /** Population statistics over all values of the used rows (Eq. 6). */
  mean: z.number(),
  standardDeviation: z.number(),
  /** Factor by which the model multiplies embeddings itself (Gemma: √hidden), else 1. */
  embeddingScale: z.number(),
  tokenizer: z.object({
    /** `WordPiece`, `BPE` or `Unigram`. */
    kind: z.string(),
    files: z.array(z.string()),
    lowercases: z.boolean(),
    maskToken: z.string().nullable()
  }),
  /** SHA-256 in hexadecimal of the table as float32 values and of the tokenizer. */
  fingerprint: z.object({ table: z.string(), tokenizer: z.string() }),
  /**
   * What runs, relative to the folder: an ONNX graph, or the weights that a graph is written from; null for nothing.
   * `note` says why not or what limits it.
   */
  graph: z.object({ file: z.string().nullable(), note: z.string() }),
  /** Remarks for the person: padding rows, unused tokens, quantised tables, … */
  notes: z.array(z.string())
})
export type ModelReport = z.infer<typeof modelReportSchema>
export type TableCandidate = z.infer<typeof tableCandidateSchema>

/** A file that was hashed, as it was then: the hash stands while size, time of change and inode do. */
export const fileHashSchema = z.object({
  /** Real path. */
  path: z.string(),
  /** Bytes. */
  size: z.int(),
  /** When content and inode were last changed, each in nanoseconds since 1970, with a space between them. */
  modified: z.string(),
  /** The number of the file on its disk: too large for a double. */
  inode: z.string(),
  /** In hexadecimal. */
  sha256: z.string()
})
export type FileHash = z.infer<typeof fileHashSchema>

/** What a model computes with: the graph and its weights. */
export const modelWeightsSchema = z.object({
  /** SHA-256, in hexadecimal, over the hashes of the files. */
  weights: z.string(),
  /** The files that the graph reads, in the order in which it names them. */
  files: z.array(fileHashSchema),
  /** When one of them or a folder of theirs was last changed, in milliseconds since 1970. */
  changedAt: z.number()
})
export type ModelWeights = z.infer<typeof modelWeightsSchema>
