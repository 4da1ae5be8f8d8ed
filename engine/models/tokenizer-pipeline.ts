/**
 * The library that runs tokenizers: the part of transformers.js that does, handed the description that was read here, so
 * that it opens no file and asks no network. The whole of transformers.js takes seventeen times as long to load.
 */
import { Tokenizer } from '@huggingface/tokenizers'
import { AnchorageError, causedBy, messageOf } from '#engine/common/contract/errors.ts'
import { withinSeconds } from '#engine/files/time-limit.ts'
import type { TokenizerConfig } from './tokenizer-config.ts'
import { continuationDocument } from './tokenizer-continuation.ts'
import type { TokenizerDefinition } from './tokenizer-definition.ts'

export type Pipeline = {
  readonly encode: (text: string) => number[]
  readonly encodeContinuation: (text: string) => number[]
  readonly encodeWithSpecials: (text: string) => number[]
  readonly decode: (ids: readonly number[]) => string
}

/** The pipeline of a tokenizer. @throws `unsupported` for a step that the library does not know. */
export function loadPipeline(
  { document }: TokenizerDefinition,
  config: TokenizerConfig,
  folder: string
): Pipeline {
  try {
    // Of the configuration, what changes how text is cut; special tokens are found by us.
    const settings = {
      eos_token: config.eos_token,
      remove_space: config.remove_space,
      do_lowercase_and_remove_accent: config.do_lowercase_and_remove_accent
    }
    const tokenizer = new Tokenizer(document, settings)
    const continuation = continuationDocument(document)
    const inner = continuation === document ? tokenizer : new Tokenizer(continuation, settings)
    const pipeline = carefully(
      {
        encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
        encodeContinuation: (text) => inner.encode(text, { add_special_tokens: false }).ids,
        encodeWithSpecials: (text) => tokenizer.encode(text).ids,
        decode: (ids) =>
          ids.length === 0 ? '' : tokenizer.decode([...ids], { clean_up_tokenization_spaces: false })
      },
      { folder, hasExpressions: JSON.stringify(steps(document)).includes('"Regex"') }
    )
    // A step that the library can't take is found here, not in the middle of an evaluation.
    pipeline.decode(pipeline.encodeWithSpecials('a'))
    return pipeline
  } catch (cause) {
    if (cause instanceof AnchorageError) throw cause
    throw causedBy(cause, 'unsupported', 'This tokenizer could not be set up.', {
      where: folder,
      expected: 'a tokenizer that transformers.js runs',
      next: 'Save the tokenizer again with a current version of Python transformers.'
    })
  }
}

/** One text; the longest that are met take some milliseconds. */
const secondsPerText = 10

function steps({
  normalizer,
  pre_tokenizer,
  post_processor,
  decoder
}: TokenizerDefinition['document']): object {
  return { normalizer, pre_tokenizer, post_processor, decoder }
}

/**
 * The same pipeline, in which a text that takes too long or meets a broken step is an error that names the folder.
 * Only an expression of the file's own can take long, so others go without the watchdog.
 */
function carefully(
  pipeline: Pipeline,
  { folder, hasExpressions }: { folder: string; hasExpressions: boolean }
): Pipeline {
  const run = <T>(work: () => T): T => {
    try {
      return hasExpressions ? withinSeconds(secondsPerText, folder, work) : work()
    } catch (cause) {
      if (cause instanceof AnchorageError) throw cause
      throw brokenStep(folder, messageOf(cause), cause)
    }
  }
  const ids = (found: number[]): number[] => {
    if (found.every((id) => Number.isInteger(id) && id >= 0)) return found
    throw brokenStep(folder, `the token ids ${String(found.slice(0, 8))}`)
  }
  return {
    encode: (text) => ids(run(() => pipeline.encode(text))),
    encodeContinuation: (text) => ids(run(() => pipeline.encodeContinuation(text))),
    encodeWithSpecials: (text) => ids(run(() => pipeline.encodeWithSpecials(text))),
    decode: (tokens) => run(() => pipeline.decode(tokens))
  }
}

function brokenStep(folder: string, found: string, cause?: unknown): AnchorageError {
  return new AnchorageError(
    'file-malformed',
    'A step of the tokenizer does not work.',
    {
      where: folder,
      found,
      expected: 'steps that turn text into token ids and back',
      next: 'Save the tokenizer again with tokenizer.save_pretrained(folder).'
    },
    cause
  )
}
