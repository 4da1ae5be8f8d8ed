import { describe, expect, it } from 'vitest'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { viewGraph } from '#engine/onnx/graph-view.ts'
import { type CacheSizes, type TokenBatch, tokenFeeds } from '#engine/onnx/token-inputs.ts'
import { int64 } from '#test/support/reference-runs.ts'

const batch: TokenBatch = {
  rows: 2,
  length: 3,
  ids: BigInt64Array.of(5n, 6n, 7n, 8n, 9n, 0n),
  attentionMask: BigInt64Array.of(1n, 1n, 1n, 1n, 1n, 0n)
}

/** The feeds that a model with these inputs gets for the batch. */
function feedsOf(declare: (graph: ReturnType<typeof graphBuilder>) => void, cache?: CacheSizes) {
  const graph = graphBuilder({ opset: 17 })
  graph.input('input_ids', 'int64', ['batch_size', 'sequence_length'])
  declare(graph)
  return tokenFeeds(viewGraph(graph.model).inputs, 'input_ids', 'model.onnx', cache)(batch)
}

describe('tokenFeeds', () => {
  it('feeds masks, token types and positions', () => {
    const dims = ['batch_size', 'sequence_length']
    const feeds = feedsOf((graph) => {
      graph.input('attention_mask', 'float32', dims)
      graph.input('token_type_ids', 'int32', dims)
      graph.input('position_ids', 'int64', dims)
    })
    expect(feeds).toEqual({
      input_ids: int64([2, 3], batch.ids),
      attention_mask: { type: 'float32', dims: [2, 3], data: Float32Array.of(1, 1, 1, 1, 1, 0) },
      token_type_ids: { type: 'int32', dims: [2, 3], data: new Int32Array(6) },
      position_ids: int64([2, 3], [0, 1, 2, 0, 1, 1])
    })
  })

  it('asks for the logits of every position where a model lets choose', () => {
    const feeds = feedsOf((graph) => graph.input('num_logits_to_keep', 'int64', []))
    expect(feeds['num_logits_to_keep']).toEqual(int64([], [0]))
  })

  it('feeds empty caches in the sizes that the model states', () => {
    const feeds = feedsOf((graph) => {
      graph.input('past_key_values.0.key', 'float32', ['batch_size', 4, 'past_sequence_length', 8])
      graph.input('past_key_values.0.value', 'float16', ['batch_size', 4, 'past_sequence_length', 8])
    })
    expect(feeds['past_key_values.0.key']).toEqual({
      type: 'float32',
      dims: [2, 4, 0, 8],
      data: new Float32Array(0)
    })
    expect(feeds['past_key_values.0.value']).toEqual({
      type: 'float16',
      dims: [2, 4, 0, 8],
      data: new Uint16Array(0)
    })
  })

  it.each([
    [
      'heads and width by name',
      ['batch_size', 'num_kv_heads', 'past_sequence_length', 'kv_cache_dim'],
      [2, 4, 0, 8]
    ],
    ['the width by name', ['batch_size', 3, 'past_sequence_length', 'kv_cache_dim'], [2, 3, 0, 8]],
    ['positions before heads', ['batch_size', 'past_sequence_length', 'heads', 16], [2, 0, 4, 16]],
    ['numbers that are written as names', ['s17', '2', 's54', '16'], [2, 2, 0, 16]]
  ])('feeds empty caches that state %s in the sizes of the settings', (_, stated, dims) => {
    const feeds = feedsOf((graph) => graph.input('past_key_values.0.key', 'float32', stated), {
      heads: 4,
      headSize: 8
    })
    expect(feeds['past_key_values.0.key'].dims).toEqual(dims)
  })

  it('refuses caches of sizes that nobody states, and says where they would be', () => {
    const dims = ['batch_size', 2, 'past_sequence_length', 'kv_cache_dim']
    expect(() => feedsOf((graph) => graph.input('past_key_values.0.key', 'float32', dims))).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        detail: expect.objectContaining({
          where: 'model.onnx, input past_key_values.0.key',
          found: expect.stringContaining('kv_cache_dim'),
          expected: expect.stringContaining('head_dim')
        })
      })
    )
  })

  it('feeds what the decoder of an encoder-decoder was given, in a length of its own', () => {
    const graph = graphBuilder({ opset: 17 })
    graph.input('input_ids', 'int64', ['batch_size', 'sequence_length'])
    graph.input('decoder_input_ids', 'int32', ['batch_size', 'given'])
    const feeds = tokenFeeds(viewGraph(graph.model).inputs, 'input_ids', 'model.onnx')
    expect(feeds({ ...batch, decoderIds: BigInt64Array.of(5n, 5n) })).toMatchObject({
      decoder_input_ids: { type: 'int32', dims: [2, 1], data: Int32Array.of(5, 5) }
    })
  })

  it.each([
    ['encoder_hidden_states', 'takes tokens alone'],
    ['pixel_values', 'takes tokens alone'],
    ['use_cache_branch', 'takes tokens alone']
  ])('refuses the input %s', (name, next) => {
    expect(() => feedsOf((graph) => graph.input(name, 'float32', ['batch_size', 8]))).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        detail: expect.objectContaining({
          where: 'model.onnx',
          found: expect.stringContaining(name),
          next: expect.stringContaining(next)
        })
      })
    )
  })
})
