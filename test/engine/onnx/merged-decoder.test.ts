import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { promptInput } from '#engine/onnx/embedding-graft.ts'
import { continueGraph, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
import { readPromptedModel } from '#engine/onnx/prompted-model.ts'
import { float32Data, int64, referenceModel, runOnce } from '#test/support/reference-runs.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/**
 * Puts all nodes of a decoder into the branch without a cache; the other one answers with zeros.
 * @param answer what the branch calls its logits
 */
function merge(model: ModelProto, answer: string): void {
  const { graph } = model
  const withoutCache = { ...graph, initializer: [], input: [], name: 'no_past' }
  const withCache = graphBuilder({ opset: 14 })
  const zeros = withCache.node('ConstantOfShape', [withCache.node('Shape', ['input_ids'])])
  withCache.output(zeros, 'float32', ['batch_size', 'sequence_length'])

  withoutCache.output = graph.output.map((info) => ({ ...info, name: answer }))
  for (const node of withoutCache.node)
    node.output = node.output.map((name) => (name === 'logits' ? answer : name))
  graph.node = []
  graph.valueInfo = []
  const merged = continueGraph(model)
  merged.namedNode('logits', 'If', [merged.input('use_cache_branch', 'bool', [1])])
  graph.node[0].attribute = [
    { name: 'then_branch', type: 5, g: withCache.model.graph },
    { name: 'else_branch', type: 5, g: withoutCache }
  ]
}

it.each(['logits_of_branch', 'logits'])(
  'reads the branch without a cache, whose answer is %s',
  async (name) => {
    const model = await referenceModel('gpt2')
    const decoder = decodeModel(await readFile(model.path), model.path)
    merge(decoder, name)
    const path = join(await temporaryFolder(), 'decoder_model_merged.onnx')
    await writeFile(path, encodeModel(decoder))

    const noCache = { type: 'bool', dims: [1], data: Uint8Array.of(0) } as const
    const plain = await runOnce(path, { ...model.feeds, use_cache_branch: noCache })
    const logits = float32Data(plain, 'logits')

    const prompted = await readPromptedModel(path)
    const [rows, length] = model.dims
    const batch = { rows, length, ids: model.ids, attentionMask: model.attentionMask }
    const feeds = {
      ...prompted.feeds(batch),
      [promptInput]: model.prompt,
      [positionsInput]: int64(
        [rows * length, 2],
        Array.from({ length: rows * length }, (_, at) => [Math.floor(at / length), at % length]).flat()
      )
    }
    expect(feeds).not.toHaveProperty('use_cache_branch')
    const answer = await runOnce(encodeModel(prompted.model), feeds, prompted.folder)
    expect(prompted.head.isRestricted).toBe(true)
    // Logits up to 8, summed in another order.
    expect(largestDifference(float32Data(answer, prompted.head.logits), logits)).toBeLessThan(2e-5)
  }
)
