/** PEFT's `adapter_config.json`: what is needed to read a prompt, and what is written. */

import { dirname, join } from 'node:path'
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Prompt, peftTaskTypes } from '#engine/common/contract/prompts.ts'
import { exists } from '#engine/common/files/exists.ts'
import { readJsonFile } from '#engine/files/text-file.ts'

export const peftConfigName = 'adapter_config.json'

/** The kinds whose `prompt_embeddings` are vectors to put before the input. */
const promptKinds = ['PROMPT_TUNING', 'P_TUNING', 'MULTITASK_PROMPT_TUNING'] as const

const configSchema = z.object({
  peft_type: z.string(),
  task_type: z.string().nullish(),
  base_model_name_or_path: z.string().nullish(),
  num_virtual_tokens: z.int().positive().nullish(),
  token_dim: z.int().positive().nullish(),
  num_transformer_submodules: z.int().min(1).max(2).nullish()
})

export type PeftConfig = {
  kind: (typeof promptKinds)[number]
  modelName: string | null
  virtualTokens: number | null
  tokenWidth: number | null
  /** 2: the first half of the rows belongs to the encoder, the second to the decoder. */
  submodules: 1 | 2
}

/**
 * The configuration beside an adapter's weights, or null where there is none.
 * @throws `unsupported` for adapters that are not prompts, told by their `peft_type`.
 */
export async function readPeftConfig(weights: string): Promise<PeftConfig | null> {
  const path = join(dirname(weights), peftConfigName)
  const present = await exists(path)
  if (!present) return null
  const result = configSchema.safeParse(await readJsonFile(path))
  if (!result.success) {
    const [issue] = result.error.issues
    throw new AnchorageError('file-malformed', 'The adapter configuration is not one of PEFT.', {
      where: `${path}, ${issue.path.join('.') || 'the whole file'}`,
      found: issue.message,
      expected: "the fields of PEFT's prompt tuning configuration",
      next: 'Save the adapter again with save_pretrained.'
    })
  }
  const config = result.data
  const kind = promptKinds.find((known) => known === config.peft_type)
  if (kind === undefined) throw notAPrompt(path, config.peft_type)
  const assumed = config.task_type === 'SEQ_2_SEQ_LM' ? 2 : 1
  return {
    kind,
    modelName: config.base_model_name_or_path || null,
    virtualTokens: config.num_virtual_tokens ?? null,
    tokenWidth: config.token_dim ?? null,
    submodules: (config.num_transformer_submodules ?? assumed) === 2 ? 2 : 1
  }
}

function notAPrompt(path: string, kind: string): AnchorageError {
  const isCache = kind === 'PREFIX_TUNING' || kind === 'CARTRIDGE'
  return new AnchorageError('unsupported', 'The PEFT adapter is not a prompt of word-embedding vectors.', {
    where: `${path}, peft_type`,
    found: isCache
      ? `${kind}, whose prompt_embeddings hold keys and values of every layer`
      : `${kind}, which changes the model's weights`,
    expected: promptKinds.join(', '),
    next: 'Train the prompt with PEFT PromptTuningConfig, or choose another adapter.'
  })
}

/** The text of the configuration of an exported prompt, with PEFT's own keys in its order. */
export function writePeftConfig(prompt: Prompt, taskType: (typeof peftTaskTypes)[number] | null): string {
  const config = {
    auto_mapping: null,
    base_model_name_or_path: prompt.model.name,
    inference_mode: true,
    modules_to_save: null,
    num_attention_heads: null,
    num_layers: null,
    num_transformer_submodules: 1,
    num_virtual_tokens: prompt.vectors.rows,
    peft_type: 'PROMPT_TUNING',
    peft_version: null,
    prompt_tuning_init: 'RANDOM',
    prompt_tuning_init_text: null,
    revision: null,
    task_type: taskType,
    token_dim: prompt.vectors.columns,
    tokenizer_kwargs: null,
    tokenizer_name_or_path: null
  }
  return JSON.stringify(config, null, 2)
}
