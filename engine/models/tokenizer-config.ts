/** What `tokenizer_config.json` (and in old folders `special_tokens_map.json`) says of a tokenizer. */
import { z } from 'zod'

/** A token by name: its content, or an object that holds it. */
const tokenNameSchema = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform((token) => token.content)])
  .nullish()

/** Special tokens by role; null says that there is none. */
export const specialTokenNamesSchema = z.looseObject({
  mask_token: tokenNameSchema,
  cls_token: tokenNameSchema,
  sep_token: tokenNameSchema,
  pad_token: tokenNameSchema,
  bos_token: tokenNameSchema,
  eos_token: tokenNameSchema,
  unk_token: tokenNameSchema
})

export const tokenizerConfigSchema = specialTokenNamesSchema.extend({
  do_lower_case: z.boolean().nullish(),
  strip_accents: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().nullish(),
  add_prefix_space: z.boolean().nullish(),
  add_bos_token: z.boolean().nullish(),
  keep_accents: z.boolean().nullish(),
  /** How many sentinels T5 has. */
  extra_ids: z.int().nonnegative().nullish(),
  tokenizer_class: z.string().nullish(),
  remove_space: z.boolean().nullish(),
  do_lowercase_and_remove_accent: z.boolean().nullish(),
  /** Tokens added to the vocabulary, by id. */
  added_tokens_decoder: z
    .record(
      z.string().regex(/^\d+$/),
      z.looseObject({
        content: z.string().min(1),
        lstrip: z.boolean().default(false),
        special: z.boolean().default(false)
      })
    )
    .optional()
})
export type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>

type Convention = {
  /** Tokens that the family's vocabularies hold. */
  readonly requires: readonly string[]
  /** The tokens of each role, the first that the vocabulary holds. */
  readonly names: Partial<Record<keyof z.infer<typeof specialTokenNamesSchema>, readonly string[]>>
}

/** The names that a family's tokenizer classes assume where the configuration is silent. */
const conventions: readonly Convention[] = [
  {
    requires: ['[CLS]', '[SEP]', '[MASK]'],
    names: {
      mask_token: ['[MASK]'],
      cls_token: ['[CLS]'],
      sep_token: ['[SEP]'],
      pad_token: ['[PAD]', '<pad>'],
      unk_token: ['[UNK]', '<unk>']
    }
  },
  {
    requires: ['<s>', '</s>', '<mask>'],
    names: {
      mask_token: ['<mask>'],
      cls_token: ['<s>'],
      sep_token: ['</s>'],
      bos_token: ['<s>'],
      eos_token: ['</s>'],
      pad_token: ['<pad>'],
      unk_token: ['<unk>']
    }
  },
  {
    requires: ['<|endoftext|>'],
    names: { bos_token: ['<|endoftext|>'], eos_token: ['<|endoftext|>'], unk_token: ['<|endoftext|>'] }
  }
]

/** Roles whose tokens tell a family; padding and unknown text get other tokens within one. */
const tellingRoles = ['mask_token', 'cls_token', 'sep_token', 'bos_token', 'eos_token'] as const

/** Whether the configuration gives a role of the convention to another token: then it is of another family. */
function contradicts(config: TokenizerConfig, { names }: Convention): boolean {
  return tellingRoles.some((role) => {
    const [named, expected] = [config[role], names[role]]
    return typeof named === 'string' && expected !== undefined && !expected.includes(named)
  })
}

/**
 * The configuration with the special tokens of BERT's, RoBERTa's or GPT-2's convention where it names none itself.
 * A convention is its family's alone: Gemma has tokens called `<s>`, `</s>` and `<mask>`, and begins with `<bos>`.
 * @param has whether the vocabulary holds a token
 */
export function withConventionalTokens(
  config: TokenizerConfig,
  has: (token: string) => boolean
): TokenizerConfig {
  const convention = conventions.find((known) => known.requires.every(has) && !contradicts(config, known))
  if (convention === undefined) return config
  const assumed = Object.entries(convention.names).map(([role, tokens]) => [role, tokens?.find(has)])
  const named = Object.entries(config).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(assumed), ...Object.fromEntries(named) }
}
