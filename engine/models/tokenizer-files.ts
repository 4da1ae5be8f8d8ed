/** Which files of a model folder make its tokenizer, and what they say. */
import { join } from 'node:path'
import type { z } from 'zod'
import { prettifyError } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { containedPath } from '#engine/files/contained-path.ts'
import { readJsonFile, readTextFile } from '#engine/files/text-file.ts'
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

const sentencePieceFiles = ['spiece.model', 'tokenizer.model', 'sentencepiece.bpe.model']

/** Reads the tokenizer of a folder; see `openTokenizer`. */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const files: string[] = []
  const pathOf = async (name: string) => {
    const path = await containedPath(folder, name)
    if (path !== undefined) files.push(name)
    return path
  }
  const config = await readConfig(pathOf)
  const definition = await readDefinition(pathOf, config)
  if (definition === undefined) throw await explainMissing(folder, files)
  const stored = new Set(definition.entries.map((entry) => entry.stored))
  return { definition, config: withConventionalTokens(config, (token) => stored.has(token)), files }
}

async function readDefinition(
  pathOf: PathOf,
  config: TokenizerConfig
): Promise<TokenizerDefinition | undefined> {
  const whole = await pathOf('tokenizer.json')
  if (whole !== undefined) return defineTokenizer(await readJsonFile(whole), whole, config)
  const words = await pathOf('vocab.txt')
  if (words !== undefined) {
    return defineTokenizer(wordPieceDocument(await readTextFile(words), config), words, config)
  }
  const vocabulary = await pathOf('vocab.json')
  const merges = await pathOf('merges.txt')
  if (vocabulary === undefined || merges === undefined) return undefined
  const vocab = await readJsonFile(vocabulary)
  const document = byteLevelDocument(vocab, await readTextFile(merges), config, vocabulary)
  return defineTokenizer(document, vocabulary, config)
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
    found: prettifyError(parsed.error),
    expected: 'the file that tokenizer.save_pretrained(folder) writes',
    next: 'Save the tokenizer again with tokenizer.save_pretrained(folder).'
  })
}

async function explainMissing(folder: string, files: readonly string[]): Promise<AnchorageError> {
  for (const name of sentencePieceFiles) {
    if ((await containedPath(folder, name)) === undefined) continue
    return new AnchorageError('unsupported', 'The tokenizer is there as a SentencePiece file alone.', {
      where: join(folder, name),
      found: name,
      expected: 'tokenizer.json',
      next: [
        'Make one in Python (pip install transformers sentencepiece protobuf), then open the folder again:',
        '  from transformers import AutoTokenizer',
        `  AutoTokenizer.from_pretrained(${JSON.stringify(folder)}, use_fast=True).save_pretrained(${JSON.stringify(folder)})`
      ].join('\n')
    })
  }
  return new AnchorageError('file-not-found', 'The folder holds no tokenizer.', {
    where: folder,
    found: files.length === 0 ? 'none of its files' : files.join(', '),
    expected: 'tokenizer.json, or vocab.txt, or vocab.json with merges.txt',
    next: 'Save the tokenizer into the folder with tokenizer.save_pretrained(folder).'
  })
}
