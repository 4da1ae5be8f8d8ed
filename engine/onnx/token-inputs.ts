/**
 * What a language model's graph must be fed beside the token ids: masks, token types, positions, and the empty
 * caches that decoder exports ask for. One batch of padded sequences becomes one set of feeds.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { dataTypes } from './build-messages.ts'
import type { DimensionProto, ValueInfoProto } from './messages.ts'
import type { Tensor } from './tensor.ts'

/** Padded sequences: `rows` × `length`, row-major; a sequence is at the beginning of its row. */
export type TokenBatch = {
  readonly rows: number
  readonly length: number
  /** `[rows, length]`. */
  readonly ids: BigInt64Array
  /** `[rows, length]`: 1 at tokens, 0 at padding. */
  readonly attentionMask: BigInt64Array
  /** `[rows, d]`: what the decoder of an encoder-decoder was given, as much in every row. */
  readonly decoderIds?: BigInt64Array | undefined
  /** Where rows hold several sequences: a token's position in its own, `[rows, length]`, and what it sees. */
  readonly packed?: {
    readonly positions: BigInt64Array
    /** `[rows, length, length]`: 1 where a token sees another, or itself. */
    readonly visible: Uint8Array
  }
}

/** The input of a graph whose rows may hold several sequences: bool `[rows, length, length]`. */
export const visibleInput = 'anchorage_visible'

/** What a model's settings say of its caches of keys and values, for graphs that give these sizes names alone. */
export type CacheSizes = {
  /** Heads of keys and values: fewer than those of queries where these share them. */
  readonly heads?: number | undefined
  /** Width of one head. */
  readonly headSize?: number | undefined
}

/** Makes the tensor of one input from a batch. */
type Feed = (batch: TokenBatch) => Tensor

/** The position of every token in its sequence: `[rows, length]`; padding repeats the last one. */
function positions({ rows, length, attentionMask, packed }: TokenBatch): BigInt64Array {
  if (packed !== undefined) return packed.positions
  const values = new BigInt64Array(rows * length)
  for (let row = 0; row < rows; row++) {
    let position = -1n
    for (let at = row * length; at < (row + 1) * length; at++) {
      position += attentionMask[at]
      values[at] = position < 0n ? 0n : position
    }
  }
  return values
}

/** What every token sees: itself and those before it, where a row is one sequence. */
function visibleTokens({ rows, length, packed }: TokenBatch): Tensor {
  const dims = [rows, length, length]
  if (packed !== undefined) return { type: 'bool', dims, data: packed.visible }
  const data = new Uint8Array(rows * length * length)
  for (let place = 0; place < rows * length; place++)
    data.fill(1, place * length, place * length + (place % length) + 1)
  return { type: 'bool', dims, data }
}

/** What the decoder was given. */
function decoderTokens({ decoderIds }: TokenBatch): BigInt64Array {
  if (decoderIds !== undefined) return decoderIds
  throw new AnchorageError('internal', 'An encoder-decoder was asked without tokens for its decoder.')
}

function refuseInput({ name, type }: ValueInfoProto, model: string): AnchorageError {
  return new AnchorageError('unsupported', 'The model asks for an input that text alone does not give.', {
    where: model,
    found: `the input ${name} (ONNX type ${type?.tensorType?.elemType ?? 'unknown'})`,
    expected: 'input_ids, attention_mask, token_type_ids, position_ids, decoder_input_ids, past_key_values.*',
    next: 'Use an export of one language model that takes tokens alone, no images or sounds.'
  })
}

/** Whole numbers in the element type that an input asks for. */
function integerFeed(
  info: ValueInfoProto,
  model: string,
  values: (batch: TokenBatch) => BigInt64Array
): Feed {
  const shaped = (batch: TokenBatch) => {
    const data = values(batch)
    return { dims: [batch.rows, data.length / batch.rows], data }
  }
  switch (info.type?.tensorType?.elemType) {
    case dataTypes.int64:
      return (batch) => ({ type: 'int64', ...shaped(batch) })
    case dataTypes.int32:
      return (batch) => {
        const { dims, data } = shaped(batch)
        return { type: 'int32', dims, data: Int32Array.from(data, Number) }
      }
    case dataTypes.float32:
      return (batch) => {
        const { dims, data } = shaped(batch)
        return { type: 'float32', dims, data: Float32Array.from(data, Number) }
      }
    case dataTypes.bool:
      return (batch) => {
        const { dims, data } = shaped(batch)
        return { type: 'bool', dims, data: Uint8Array.from(data, Number) }
      }
    default:
      throw refuseInput(info, model)
  }
}

/** The number that an axis states; some exporters write it as a name. */
function statedSize({ dimValue, dimParam = '' }: DimensionProto): number | undefined {
  if (dimValue !== undefined) return Number(dimValue)
  return /^\d+$/.test(dimParam) ? Number(dimParam) : undefined
}

/** Which axis of a cache counts past positions: by its name, else where `[batch, heads, positions, width]` has it. */
function positionAxis(dims: readonly DimensionProto[]): number {
  const named = dims.findIndex(({ dimParam = '' }, axis) => axis > 0 && /past|seq/.test(dimParam))
  return named < 0 ? 2 : named
}

/** The sizes of an empty cache, the batch's left to be asked for: heads and width may be in the settings alone. */
function cacheDims(info: ValueInfoProto, model: string, cache: CacheSizes): (number | 'rows')[] {
  const dims = info.type?.tensorType?.shape?.dim ?? []
  const positions = positionAxis(dims)
  return dims.map((dim, axis) => {
    const stated = statedSize(dim)
    if (stated !== undefined) return stated
    if (axis === 0) return 'rows'
    if (axis === positions) return 0
    const size = axis === dims.length - 1 ? cache.headSize : cache.heads
    if (size === undefined) throw cacheUnknown(info, dim, model)
    return size
  })
}

function cacheUnknown({ name }: ValueInfoProto, { dimParam }: DimensionProto, model: string): AnchorageError {
  return new AnchorageError('unsupported', 'The sizes of the caches that the model asks for are not known.', {
    where: `${model}, input ${name}`,
    found: `an axis ${dimParam || 'without a name'}, and no size for it`,
    expected: 'num_key_value_heads or num_attention_heads, and head_dim or hidden_size, in config.json',
    next: 'Put the config.json of the model into its folder, as save_pretrained writes it.'
  })
}

/** An empty cache of keys or values: nothing has been read before. */
function emptyCache(info: ValueInfoProto, model: string, cache: CacheSizes): Feed {
  const { elemType } = info.type?.tensorType ?? {}
  const dims = cacheDims(info, model, cache)
  if (!dims.includes(0)) throw refuseInput(info, model)
  const sizes = (rows: number) => dims.map((size) => (size === 'rows' ? rows : size))
  switch (elemType) {
    case dataTypes.float32:
      return ({ rows }) => ({ type: 'float32', dims: sizes(rows), data: new Float32Array(0) })
    case dataTypes.float16:
      return ({ rows }) => ({ type: 'float16', dims: sizes(rows), data: new Uint16Array(0) })
    default:
      throw refuseInput(info, model)
  }
}

function feedOf(info: ValueInfoProto, model: string, cache: CacheSizes): Feed {
  const { name } = info
  switch (name) {
    case 'attention_mask':
      return integerFeed(info, model, (batch) => batch.attentionMask)
    case 'token_type_ids':
      return integerFeed(info, model, (batch) => new BigInt64Array(batch.rows * batch.length))
    case 'position_ids':
      return integerFeed(info, model, positions)
    case visibleInput:
      return visibleTokens
    case 'decoder_input_ids':
      return integerFeed(info, model, decoderTokens)
    case 'decoder_attention_mask':
      return integerFeed(info, model, (batch) => decoderTokens(batch).map(() => 1n))
    case 'num_logits_to_keep':
      // 0: of every position.
      return () => ({ type: 'int64', dims: [], data: BigInt64Array.of(0n) })
    default:
      if (/^past(_key_values)?[._]/.test(name)) return emptyCache(info, model, cache)
      throw refuseInput(info, model)
  }
}

/**
 * How batches become feeds of a model, found once.
 * @param inputs the model's inputs, those for prompts and positions left out
 * @param idsInput which of them takes the token ids
 * @param model what to call the model in errors
 * @param cache the sizes of caches where the graph gives them names alone
 * @throws AnchorageError `unsupported` for an input that text alone does not give
 */
export function tokenFeeds(
  inputs: readonly ValueInfoProto[],
  idsInput: string,
  model: string,
  cache: CacheSizes = {}
): (batch: TokenBatch) => Record<string, Tensor> {
  const feeds = inputs.map((info): [string, Feed] => [
    info.name,
    info.name === idsInput ? integerFeed(info, model, (batch) => batch.ids) : feedOf(info, model, cache)
  ])
  return (batch) => Object.fromEntries(feeds.map(([name, feed]) => [name, feed(batch)]))
}
