/** `config.json` of a model folder: the few settings that say what its embedding table must look like, and its kind. */
import { basename } from 'node:path'
import { z } from 'zod'
import type { ConfigFile } from '#engine/architectures/settings.ts'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { containedPath } from '#engine/common/files/contained-path.ts'
import { readJsonFile } from '#engine/files/text-file.ts'
import { asConfigJson, genaiConfigSchema } from './genai-config.ts'
import type { KindSettings } from './model-kind.ts'

export type ModelConfig = KindSettings & {
  /** `model_type`: `bert`, `gpt2`, … */
  readonly family: string
  /** Rows that the table should have. */
  readonly vocabularySize: number | undefined
  /** `e`, the width that the table should have. */
  readonly width: number | undefined
  /** Width of the layers, where the settings say. */
  readonly hiddenSize: number | undefined
  /** The factor by which the model multiplies embeddings when it looks them up, else 1. */
  readonly embeddingScale: number
  /** Longest sequence, in tokens, where the settings say. */
  readonly maximumLength: number | undefined
  /** What a decoder that follows an encoder begins with, where the settings say. */
  readonly decoderStart: readonly number[]
  /** Heads of keys and values, and the width of one, where the settings say. */
  readonly cache: { readonly heads: number | undefined; readonly headSize: number | undefined }
  /** The settings of the language model as the file has them. */
  readonly file: ConfigFile
}

const size = z.int().positive().optional()
/** A size that some families give per layer, as a list: not one number, and not a fault. */
const oneSize = size.catch(undefined)
const tokenId = z.int().nonnegative().nullish()
const settingsSchema = z.looseObject({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
  is_encoder_decoder: z.boolean().optional(),
  vocab_size: size,
  /** The width of the table where it is not the hidden size: ALBERT and ELECTRA, then OPT. */
  embedding_size: size,
  word_embed_proj_dim: size,
  hidden_size: size,
  n_embd: size,
  d_model: size,
  dim: size,
  max_position_embeddings: size,
  n_positions: size,
  num_attention_heads: oneSize,
  n_head: oneSize,
  num_key_value_heads: oneSize,
  head_dim: oneSize,
  scale_embedding: z.boolean().optional(),
  embedding_multiplier: z.number().optional(),
  scale_emb: z.number().optional(),
  decoder_start_token_id: tokenId,
  /** What every answer begins with: `<s>` for some of BART, the language for mBART. */
  forced_bos_token_id: tokenId
})
type Settings = z.output<typeof settingsSchema>
/** Models of text and images keep the settings of their language model apart. */
const configSchema = settingsSchema.extend({
  text_config: settingsSchema.optional(),
  vision_config: z.unknown().optional()
})

/** The settings file of a folder, and what it says under the names of `config.json`. */
async function findSettings(folder: string): Promise<{ path: string; content: unknown }> {
  const path = await containedPath(folder, 'config.json')
  if (path !== undefined) return { path, content: await readJsonFile(path) }
  const genai = await containedPath(folder, 'genai_config.json')
  if (genai !== undefined) {
    const parsed = genaiConfigSchema.safeParse(await readJsonFile(genai))
    if (!parsed.success) throw malformed(genai, parsed.error, 'onnxruntime-genai writes')
    return { path: genai, content: asConfigJson(parsed.data) }
  }
  throw new AnchorageError('file-not-found', 'The folder is not a model folder.', {
    where: folder,
    found: 'no config.json',
    expected: 'a folder with config.json, a tokenizer and weights, as Hugging Face models have',
    next: 'Choose the folder that holds config.json, or save the model with save_pretrained(folder).'
  })
}

function malformed(path: string, error: z.ZodError, writer: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The settings of the model are not what they should be.', {
    where: path,
    found: describeIssues(error),
    expected: `the ${basename(path)} that ${writer}`,
    next: `Fetch ${basename(path)} again.`
  })
}

/**
 * Reads `config.json`, or `genai_config.json` where that stands in its place.
 * @throws `file-not-found` without one, `file-malformed` where a setting is nonsense
 */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const { path, content } = await findSettings(folder)
  return modelConfig(path, content)
}

/** The settings that a file at `path` holds. @throws `file-malformed` where one is nonsense */
export function modelConfig(path: string, content: unknown): ModelConfig {
  const parsed = configSchema.safeParse(content)
  if (!parsed.success) throw malformed(path, parsed.error, 'save_pretrained writes')
  const settings = parsed.data.text_config ?? parsed.data
  const family = settings.model_type ?? parsed.data.model_type ?? 'unknown'
  return {
    family,
    architecture: parsed.data.architectures?.[0],
    isEncoderDecoder: parsed.data.is_encoder_decoder ?? false,
    isMultimodal: parsed.data.text_config !== undefined || parsed.data.vision_config !== undefined,
    vocabularySize: settings.vocab_size ?? parsed.data.vocab_size,
    width: settings.embedding_size ?? settings.word_embed_proj_dim ?? hiddenSize(settings),
    hiddenSize: hiddenSize(settings),
    embeddingScale: embeddingScale(family, settings),
    maximumLength: maximumLength(family, settings),
    decoderStart: [settings.decoder_start_token_id, settings.forced_bos_token_id].filter(
      (id) => typeof id === 'number'
    ),
    cache: cacheSizes(settings),
    file: { path, settings: { architectures: parsed.data.architectures, ...settings } }
  }
}

/** What the caches of a decoder measure; heads that queries share are counted once. */
function cacheSizes(settings: Settings): ModelConfig['cache'] {
  const heads = settings.num_attention_heads ?? settings.n_head
  const hidden = hiddenSize(settings)
  const even = heads === undefined || hidden === undefined ? undefined : Math.floor(hidden / heads)
  return { heads: settings.num_key_value_heads ?? heads, headSize: settings.head_dim ?? even }
}

/** Models of fairseq's RoBERTa count positions from 2, so two rows of their position table are not for tokens. */
function maximumLength(family: string, settings: Settings): number | undefined {
  const positions = settings.max_position_embeddings ?? settings.n_positions
  return positions !== undefined && /roberta|camembert|mpnet|longformer/.test(family)
    ? positions - 2
    : positions
}

function hiddenSize(settings: Settings): number | undefined {
  return settings.hidden_size ?? settings.n_embd ?? settings.d_model ?? settings.dim
}

/** Gemma and models with `scale_embedding` multiply by the square root of the hidden size, others by a setting. */
function embeddingScale(family: string, settings: Settings): number {
  const hidden = hiddenSize(settings)
  const byHiddenSize = /gemma/.test(family) || settings.scale_embedding === true
  if (byHiddenSize && hidden !== undefined) return Math.sqrt(hidden)
  return settings.embedding_multiplier ?? settings.scale_emb ?? 1
}
