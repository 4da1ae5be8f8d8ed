/**
 * The library that runs tokenizers: transformers.js, handed the description that was read here, so that it opens no
 * file and asks no network. It takes a third of a second to load, so it is loaded with the first tokenizer.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
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
export async function loadPipeline(
  { document }: TokenizerDefinition,
  config: TokenizerConfig
): Promise<Pipeline> {
  const { env, PreTrainedTokenizer } = await import('@huggingface/transformers')
  env.allowRemoteModels = false
  env.useFSCache = false
  try {
    // Of the configuration, what changes how text is cut; special tokens are found by us.
    const settings = {
      eos_token: config.eos_token,
      remove_space: config.remove_space,
      do_lowercase_and_remove_accent: config.do_lowercase_and_remove_accent
    }
    const tokenizer = new PreTrainedTokenizer(document, settings)
    const continuation = continuationDocument(document)
    const inner = continuation === document ? tokenizer : new PreTrainedTokenizer(continuation, settings)
    return {
      encode: (text) => tokenizer.encode(text, { add_special_tokens: false }),
      encodeContinuation: (text) => inner.encode(text, { add_special_tokens: false }),
      encodeWithSpecials: (text) => tokenizer.encode(text),
      decode: (ids) =>
        ids.length === 0 ? '' : tokenizer.decode([...ids], { clean_up_tokenization_spaces: false })
    }
  } catch (cause) {
    throw new AnchorageError(
      'unsupported',
      'This tokenizer could not be set up.',
      {
        where: 'tokenizer.json',
        found: cause instanceof Error ? cause.message : String(cause),
        expected: 'a tokenizer that transformers.js runs',
        next: 'Save the tokenizer again with a current version of Python transformers.'
      },
      cause
    )
  }
}
