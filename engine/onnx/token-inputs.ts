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
}

/** Makes the tensor of one input from a batch. */
type Feed = (batch: TokenBatch) => Tensor

/** The position of every token in its sequence: `[rows, length]`; padding repeats the last one. */
function positions({ rows, length, attentionMask }: TokenBatch): BigInt64Array {
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

function refuseInput({ name, type }: ValueInfoProto, model: string): AnchorageError {
  return new AnchorageError('unsupported', 'The model asks for an input that text alone does not give.', {
    where: model,
    found: `the input ${name} (ONNX type ${type?.tensorType?.elemType ?? 'unknown'})`,
    expected: 'input_ids, attention_mask, token_type_ids, position_ids, past_key_values.*',
    next: 'Use an export of one language model: encoder-decoders, images and sounds are not supported.'
  })
}

/** Whole numbers in the element type that an input asks for. */
function integerFeed(
  info: ValueInfoProto,
  model: string,
  values: (batch: TokenBatch) => BigInt64Array
): Feed {
  const shaped = (batch: TokenBatch) => ({ dims: [batch.rows, batch.length] })
  switch (info.type?.tensorType?.elemType) {
    case dataTypes.int64:
      return (batch) => ({ type: 'int64', ...shaped(batch), data: values(batch) })
    case dataTypes.int32:
      return (batch) => ({ type: 'int32', ...shaped(batch), data: Int32Array.from(values(batch), Number) })
    case dataTypes.float32:
      return (batch) => ({
        type: 'float32',
        ...shaped(batch),
        data: Float32Array.from(values(batch), Number)
      })
    case dataTypes.bool:
      return (batch) => ({ type: 'bool', ...shaped(batch), data: Uint8Array.from(values(batch), Number) })
    default:
      throw refuseInput(info, model)
  }
}

/** A size of a cache: fixed sizes as they are, the batch's as it comes, and no past positions. */
function cacheSize({ dimValue, dimParam }: DimensionProto, axis: number, rows: number): number {
  if (dimValue !== undefined) return Number(dimValue)
  return axis === 0 || dimParam === 'batch_size' ? rows : 0
}

/** An empty cache of keys or values: nothing has been read before. */
function emptyCache(info: ValueInfoProto, model: string): Feed {
  const { elemType, shape } = info.type?.tensorType ?? {}
  const dims = shape?.dim ?? []
  const sizes = (rows: number) => dims.map((dim, axis) => cacheSize(dim, axis, rows))
  if (!sizes(1).includes(0)) throw refuseInput(info, model)
  switch (elemType) {
    case dataTypes.float32:
      return ({ rows }) => ({ type: 'float32', dims: sizes(rows), data: new Float32Array(0) })
    case dataTypes.float16:
      return ({ rows }) => ({ type: 'float16', dims: sizes(rows), data: new Uint16Array(0) })
    default:
      throw refuseInput(info, model)
  }
}

function feedOf(info: ValueInfoProto, model: string): Feed {
  const { name } = info
  switch (name) {
    case 'attention_mask':
      return integerFeed(info, model, (batch) => batch.attentionMask)
    case 'token_type_ids':
      return integerFeed(info, model, (batch) => new BigInt64Array(batch.rows * batch.length))
    case 'position_ids':
      return integerFeed(info, model, positions)
    case 'num_logits_to_keep':
      // 0: of every position.
      return () => ({ type: 'int64', dims: [], data: BigInt64Array.of(0n) })
    default:
      if (/^past(_key_values)?[._]/.test(name)) return emptyCache(info, model)
      throw refuseInput(info, model)
  }
}

/**
 * How batches become feeds of a model, found once.
 * @param inputs the model's inputs, those for prompts and positions left out
 * @param idsInput which of them takes the token ids
 * @param model what to call the model in errors
 * @throws AnchorageError `unsupported` for an input that text alone does not give
 */
export function tokenFeeds(
  inputs: readonly ValueInfoProto[],
  idsInput: string,
  model: string
): (batch: TokenBatch) => Record<string, Tensor> {
  const feeds = inputs.map((info): [string, Feed] => [
    info.name,
    info.name === idsInput ? integerFeed(info, model, (batch) => batch.ids) : feedOf(info, model)
  ])
  return (batch) => Object.fromEntries(feeds.map(([name, feed]) => [name, feed(batch)]))
}
