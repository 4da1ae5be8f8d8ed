import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { promptInput } from '#engine/onnx/embedding-graft.ts'
import { continueGraph } from '#engine/onnx/graph-builder.ts'
import { isOperator, viewGraph } from '#engine/onnx/graph-view.ts'
import { insertNodes } from '#engine/onnx/insert-nodes.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
import { readPromptedModel } from '#engine/onnx/prompted-model.ts'
import { writeWithExternalData } from '#test/support/external-data.ts'
import { referenceFamilies } from '#test/support/reference-models.ts'
import { float32Data, int64, referenceModel, runOnce } from '#test/support/reference-runs.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** Makes a decoder with caches of the GPT-2 export: keys' products read `past ++ value`, and `present` comes out. */
function addCaches(model: ModelProto): void {
  const graph = continueGraph(model)
  const view = viewGraph(model)
  const softmaxes = view.graph.node.filter((node) => isOperator(node, 'Softmax'))
  expect(softmaxes.length).toBe(2)
  for (const [layer, softmax] of softmaxes.entries()) {
    const mix = view.consumers(softmax.output[0]).find((node) => isOperator(node, 'MatMul'))
    if (mix === undefined) throw new Error('no product behind the softmax')
    const past = graph.input(`past_key_values.${layer}.value`, 'float32', [
      'batch_size',
      4,
      'past_sequence_length',
      10
    ])
    mix.input[1] = insertNodes(graph, 'before', mix, () =>
      graph.namedNode(`present.${layer}.value`, 'Concat', [past, mix.input[1]], { axis: { int: 2 } })
    )
    graph.output(`present.${layer}.value`, 'float32', ['batch_size', 4, 'total_sequence_length', 10])
  }
}

describe('readPromptedModel', () => {
  it.each([...referenceFamilies, 'gpt2 with caches'] as const)(
    'makes %s answer where it is asked',
    async (name) => {
      const hasCaches = name === 'gpt2 with caches'
      const model = await referenceModel(hasCaches ? 'gpt2' : name)
      let path = model.path
      if (hasCaches) {
        const decoder = decodeModel(await readFile(path), path)
        addCaches(decoder)
        path = await writeWithExternalData(decoder, await temporaryFolder(), 'decoder_model.onnx_data')
      }
      const [rows, length] = model.dims
      const prompted = await readPromptedModel(path)
      const ids = model.ids.slice()
      const { graft, head } = prompted
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < 3; i++)
          ids[row * length + model.promptStart + i] = BigInt(graft.vocabularySize + i)
      const answer = await runOnce(
        encodeModel(prompted.model),
        {
          ...prompted.feeds({ rows, length, ids, attentionMask: model.attentionMask }),
          [promptInput]: model.prompt,
          [positionsInput]: int64([1, 2], [2, 6])
        },
        prompted.folder
      )
      const width = graft.vocabularySize
      const start = (2 * length + 6) * width
      const expected = model.promptedLogits.subarray(start, start + width)
      // Logits up to 8, summed in another order.
      expect(largestDifference(float32Data(answer, head.logits), expected)).toBeLessThan(2e-5)
    }
  )
})
