/**
 * The contents of `tokenizer.json` as far as we read them ourselves: kind, vocabulary, added tokens and whether
 * text is lower-cased. The whole document goes on to the library that runs it.
 */
import { z } from 'zod'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { TokenizerConfig } from './tokenizer-config.ts'

export type TokenizerKind = 'WordPiece' | 'BPE' | 'Unigram'

const stepSchema = z.looseObject({ type: z.string() }).nullish()

const addedTokenSchema = z.looseObject({
  id: z.int().nonnegative(),
  content: z.string().min(1),
  lstrip: z.boolean().default(false),
  special: z.boolean().default(false)
})
export type AddedToken = z.infer<typeof addedTokenSchema>

const modelSchema = z.looseObject({
  /** Missing in files of before 2021. */
  type: z.string().optional(),
  /** Token → id, or for Unigram a list of (token, score); checked in {@link readEntries}. */
  vocab: z.custom<object>((value) => typeof value === 'object' && value !== null, 'expected a vocabulary'),
  merges: z.array(z.union([z.string(), z.array(z.string()).length(2)])).optional(),
  unk_token: z.string().nullish(),
  unk_id: z.int().nonnegative().nullish(),
  continuing_subword_prefix: z.string().nullish(),
  end_of_word_suffix: z.string().nullish()
})

export const tokenizerDocumentSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema).default([]),
  normalizer: stepSchema.default(null),
  pre_tokenizer: stepSchema.default(null),
  post_processor: stepSchema.default(null),
  decoder: stepSchema.default(null),
  model: modelSchema
})
export type TokenizerDocument = z.infer<typeof tokenizerDocumentSchema>

/** One token as stored, with its id. */
export type VocabularyEntry = { readonly id: number; readonly stored: string }

export type TokenizerDefinition = {
  readonly kind: TokenizerKind
  /** Every token, added ones included; an added token takes the place of one with the same id. */
  readonly entries: readonly VocabularyEntry[]
  /** The id of a token as stored. */
  readonly idByStored: ReadonlyMap<string, number>
  readonly addedTokens: readonly AddedToken[]
  /** The stored form of the token for unknown text, or null. */
  readonly unknownToken: string | null
  readonly lowercases: boolean
  readonly document: TokenizerDocument
}

/**
 * Reads a parsed `tokenizer.json`.
 * @param path where it came from, for errors
 * @param config whose word on lower-casing counts where the two differ, as in Python transformers
 * @throws `file-malformed` where it is no such document, `unsupported` for another kind of model
 */
export function defineTokenizer(
  content: unknown,
  path: string,
  config: TokenizerConfig
): TokenizerDefinition {
  const parsed = tokenizerDocumentSchema.safeParse(content)
  if (!parsed.success) {
    throw new AnchorageError('file-malformed', 'This is not the description of a tokenizer.', {
      where: path,
      found: describeIssues(parsed.error),
      expected: 'the tokenizer.json that Hugging Face tokenizers write',
      next: 'Save the tokenizer again with tokenizer.save_pretrained(folder).'
    })
  }
  const document = { ...parsed.data, normalizer: honourConfig(parsed.data.normalizer, config) }
  const kind = kindOf(document, path)
  const byId = readEntries(document.model.vocab, path)
  for (const { id, content: stored } of document.added_tokens) byId.set(id, { id, stored })
  const entries = [...byId.values()]
  const idByStored = new Map<string, number>()
  for (const { id, stored } of entries) idByStored.set(stored, id)
  return {
    kind,
    entries,
    idByStored,
    addedTokens: document.added_tokens,
    unknownToken: document.model.unk_token ?? byId.get(document.model.unk_id ?? -1)?.stored ?? null,
    lowercases:
      config.do_lowercase_and_remove_accent === true || stepsOf(document.normalizer).some(lowercases),
    document: { ...document, model: { ...document.model, type: kind } }
  }
}

function lowercases(step: PipelineStep): boolean {
  return step.type === 'Lowercase' || (step.type === 'BertNormalizer' && step['lowercase'] === true)
}

/** BERT's normaliser with the settings of the configuration where it gives any. */
function honourConfig(
  normalizer: TokenizerDocument['normalizer'],
  config: TokenizerConfig
): TokenizerDocument['normalizer'] {
  if (normalizer?.type !== 'BertNormalizer') return normalizer
  return {
    ...normalizer,
    lowercase: config.do_lower_case ?? normalizer['lowercase'],
    strip_accents: config.strip_accents ?? normalizer['strip_accents'],
    handle_chinese_chars: config.tokenize_chinese_chars ?? normalizer['handle_chinese_chars']
  }
}

function kindOf({ model }: TokenizerDocument, path: string): TokenizerKind {
  const { type } = model
  if (type === 'WordPiece' || type === 'BPE' || type === 'Unigram') return type
  if (type === undefined && Array.isArray(model.vocab)) return 'Unigram'
  if (type === undefined) return model.merges === undefined ? 'WordPiece' : 'BPE'
  throw new AnchorageError('unsupported', 'This kind of tokenizer is not known.', {
    where: path,
    found: type,
    expected: 'WordPiece, BPE or Unigram',
    next: 'Use a model with one of these tokenizers.'
  })
}

/** The vocabulary by id, in the order of the file, from either layout: `{token: id}` or `[[token, score], …]`. */
function readEntries(vocab: object, path: string): Map<number, VocabularyEntry> {
  const found = new Map<number, VocabularyEntry>()
  const take = (stored: unknown, id: unknown): void => {
    const before = typeof id === 'number' ? found.get(id)?.stored : undefined
    if (typeof stored !== 'string' || !isTokenId(id) || before !== undefined) {
      throw new AnchorageError('file-malformed', 'The vocabulary holds an impossible entry.', {
        where: `${path}, model.vocab`,
        found: `${JSON.stringify(stored)} with id ${id}${before === undefined ? '' : `, which ${JSON.stringify(before)} has`}`,
        expected: 'tokens with one whole number each, from 0 on',
        next: 'Save the tokenizer again with tokenizer.save_pretrained(folder).'
      })
    }
    found.set(id, { id, stored })
  }
  if (Array.isArray(vocab)) {
    for (const [id, item] of vocab.entries()) take(Array.isArray(item) ? item[0] : item, id)
  } else for (const [stored, id] of Object.entries(vocab)) take(stored, id)
  return found
}

/** Ids are held as 32-bit integers. */
function isTokenId(id: unknown): id is number {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < 2 ** 31
}

/** A step of the pipeline; its settings are unknown until looked at. */
export type PipelineStep = { readonly type: string; readonly [setting: string]: unknown }

/** A normaliser, pre-tokenizer or decoder with every step inside it, in order. */
export function stepsOf(step: PipelineStep | null | undefined): PipelineStep[] {
  if (step === null || step === undefined) return []
  const inner = step['normalizers'] ?? step['pretokenizers'] ?? step['decoders']
  if (step.type !== 'Sequence' || !Array.isArray(inner)) return [step]
  return inner.flatMap((part: unknown) => stepsOf(stepSchema.safeParse(part).data))
}
