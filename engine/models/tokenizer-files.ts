/** Which files of a model folder make its tokenizer, and what they say. */
import { z } from 'zod'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { containedPath } from '#engine/common/files/contained-path.ts'
import { readJsonFile, readTextFile } from '#engine/files/text-file.ts'
import { parsingSeconds, withinSeconds } from '#engine/files/time-limit.ts'
import { familyDocument } from './sentencepiece/piece-families.ts'
import { readPieceFile } from './sentencepiece/piece-file.ts'
import {
  specialTokenNamesSchema,
  type TokenizerConfig,
  tokenizerConfigSchema,
  withConventionalTokens
} from './tokenizer-config.ts'
import { defineTokenizer, type TokenizerDefinition } from './tokenizer-definition.ts'
import { byteLevelDocument, wordPieceDocument } from './tokenizer-from-vocabulary.ts'

export type TokenizerFiles = {
  readonly definition: TokenizerDefinition
  readonly config: TokenizerConfig
  /** The files used, relative to the folder. */
  readonly files: readonly string[]
}

const sentencePieceFiles = ['spiece.model', 'tokenizer.model', 'sentencepiece.bpe.model', 'spm.model']

/** Reads the tokenizer of a folder; see `openTokenizer`. */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const files: string[] = []
  const pathOf = async (name: string) => {
    const path = await containedPath(folder, name)
    if (path !== undefined) files.push(name)
    return path
  }
  const settings = await readConfig(pathOf)
  const { definition, config } = await readDefinition(pathOf, settings, folder)
  if (definition === undefined) throw explainMissing(folder, files)
  const { idByStored } = definition
  return { definition, config: withConventionalTokens(config, (token) => idByStored.has(token)), files }
}

type Read = { readonly definition: TokenizerDefinition | undefined; readonly config: TokenizerConfig }

/** The description, and the configuration with what the files imply. */
async function readDefinition(pathOf: PathOf, config: TokenizerConfig, folder: string): Promise<Read> {
  const whole = await pathOf('tokenizer.json')
  if (whole !== undefined)
    return { definition: defineTokenizer(await readJsonFile(whole), whole, config), config }
  const words = await pathOf('vocab.txt')
  if (words !== undefined) {
    const document = wordPieceDocument(await readTextFile(words), config)
    return { definition: defineTokenizer(document, words, config), config }
  }
  const vocabulary = await pathOf('vocab.json')
  const merges = await pathOf('merges.txt')
  if (vocabulary !== undefined && merges !== undefined) {
    const vocab = await readJsonFile(vocabulary)
    const document = byteLevelDocument(vocab, await readTextFile(merges), config, vocabulary)
    return { definition: defineTokenizer(document, vocabulary, config), config }
  }
  for (const name of sentencePieceFiles) {
    const pieces = await pathOf(name)
    if (pieces === undefined) continue
    const [model, type] = [await readPieceFile(pieces), await modelType(folder)]
    const found = withinSeconds(parsingSeconds, pieces, () => familyDocument(model, config, type, pieces))
    return { ...found, definition: defineTokenizer(found.document, pieces, found.config) }
  }
  return { definition: undefined, config }
}

/** `model_type` of the folder's `config.json`: old folders say of the tokenizer's kind nothing else. */
async function modelType(folder: string): Promise<string | undefined> {
  const path = await containedPath(folder, 'config.json')
  if (path === undefined) return undefined
  return z.object({ model_type: z.string() }).safeParse(await readJsonFile(path)).data?.model_type
}

type PathOf = (name: string) => Promise<string | undefined>

/** `tokenizer_config.json`, and what only an old folder's `special_tokens_map.json` names. */
async function readConfig(pathOf: PathOf): Promise<TokenizerConfig> {
  const main = await readChecked(await pathOf('tokenizer_config.json'), tokenizerConfigSchema)
  const old = await readChecked(await pathOf('special_tokens_map.json'), specialTokenNamesSchema)
  return { ...old, ...main }
}

async function readChecked<S extends z.ZodType>(
  path: string | undefined,
  schema: S
): Promise<z.output<S> | undefined> {
  if (path === undefined) return undefined
  const parsed = schema.safeParse(await readJsonFile(path))
  if (parsed.success) return parsed.data
  throw new AnchorageError('file-malformed', 'The settings of the tokenizer are not what they should be.', {
    where: path,
    found: describeIssues(parsed.error),
    expected: 'the file that tokenizer.save_pretrained(folder) writes',
    next: 'Save the tokenizer again with tokenizer.save_pretrained(folder).'
  })
}

function explainMissing(folder: string, files: readonly string[]): AnchorageError {
  return new AnchorageError('file-not-found', 'The folder holds no tokenizer.', {
    where: folder,
    found: files.length === 0 ? 'none of its files' : files.join(', '),
    expected: `tokenizer.json, vocab.txt, vocab.json with merges.txt, or a SentencePiece model (${sentencePieceFiles.join(', ')})`,
    next: 'Save the tokenizer into the folder with tokenizer.save_pretrained(folder).'
  })
}
