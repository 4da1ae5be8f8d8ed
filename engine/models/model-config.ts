/** `config.json` of a model folder: the few settings that say what its embedding table must look like, and its kind. */
import { z } from 'zod'
import type { ConfigFile } from '#engine/architectures/settings.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { containedPath } from '#engine/files/contained-path.ts'
import { readJsonFile } from '#engine/files/text-file.ts'
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
  /** The settings of the language model as the file has them. */
  readonly file: ConfigFile
}

const size = z.int().positive().optional()
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
  scale_embedding: z.boolean().optional(),
  embedding_multiplier: z.number().optional(),
  scale_emb: z.number().optional()
})
type Settings = z.output<typeof settingsSchema>
/** Models of text and images keep the settings of their language model apart. */
const configSchema = settingsSchema.extend({
  text_config: settingsSchema.optional(),
  vision_config: z.unknown().optional()
})

/** Reads `config.json`. @throws `file-not-found` without one, `file-malformed` where a setting is nonsense. */
export async function readModelConfig(folder: string): Promise<ModelConfig> {
  const path = await containedPath(folder, 'config.json')
  if (path === undefined) {
    throw new AnchorageError('file-not-found', 'The folder is not a model folder.', {
      where: folder,
      found: 'no config.json',
      expected: 'a folder with config.json, a tokenizer and weights, as Hugging Face models have',
      next: 'Choose the folder that holds config.json, or save the model with save_pretrained(folder).'
    })
  }
  const parsed = configSchema.safeParse(await readJsonFile(path))
  if (!parsed.success) {
    throw new AnchorageError('file-malformed', 'The settings of the model are not what they should be.', {
      where: path,
      found: z.prettifyError(parsed.error),
      expected: 'the config.json that save_pretrained writes',
      next: 'Fetch config.json again.'
    })
  }
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
    file: { path, settings: { architectures: parsed.data.architectures, ...settings } }
  }
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
