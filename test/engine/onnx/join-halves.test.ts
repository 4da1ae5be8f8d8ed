/** Encoder and decoder in one graph: as two graphs that exporters write, and as one whose names of sizes say too little. */
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeCheckpointGraph } from '#engine/architectures/write-graph.ts'
import { readModelConfig } from '#engine/models/model-config.ts'
import { listWeights } from '#engine/models/weight-files.ts'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { promptInput } from '#engine/onnx/embedding-graft.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import { promptedModel, readPromptedModel } from '#engine/onnx/prompted-model.ts'
import { architectureFixtures } from '#test/support/families.ts'
import { float32, float32Data, int64, runOnce } from '#test/support/reference-runs.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const [words, width] = [12, 4]
const values = (count: number, phase: number) =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(index + phase))

/** Rows of a table at `input_ids`; both halves give table, input, nodes and sizes the same names. */
function lookUp(graph: GraphBuilder, phase: number): string {
  const table = graph.initializer('table', 'float32', [words, width], values(words * width, phase))
  return graph.node('Gather', [table, graph.input('input_ids', 'int64', ['batch', 'length'])])
}

function encoder(): GraphBuilder {
  const graph = graphBuilder({ opset: 17 })
  const mask = graph.input('attention_mask', 'int64', ['batch', 'length'])
  const kept = graph.node('Unsqueeze', [graph.node('Cast', [mask], { to: { int: 1 } }), last(graph)])
  graph.namedNode('last_hidden_state', 'Mul', [lookUp(graph, 0), kept])
  graph.output('last_hidden_state', 'float32', ['batch', 'length', width])
  return graph
}

function last(graph: GraphBuilder): string {
  return graph.initializer('last', 'int64', [1], BigInt64Array.of(-1n))
}

/** Adds the mean of what the encoder gives to the words of the decoder. */
function decoder(): GraphBuilder {
  const graph = graphBuilder({ opset: 17 })
  const states = graph.input('encoder_hidden_states', 'float32', ['batch', 'text', width])
  const mean = graph.node('ReduceMean', [states], { axes: { ints: [1] } })
  const sum = graph.node('Add', [lookUp(graph, 5), mean])
  const head = graph.initializer('head', 'float32', [width, words], values(width * words, 9))
  graph.namedNode('logits', 'MatMul', [sum, head])
  graph.output('logits', 'float32', ['batch', 'length', words])
  return graph
}

const text = { ids: int64([2, 3], [1, 2, 3, 4, 5, 0]), mask: int64([2, 3], [1, 1, 1, 1, 1, 0]) }
const given = int64([2, 2], [7, 8, 7, 9])
const asked = int64([2, 2], [0, 1, 1, 1])
const noPrompt = (columns: number) => float32([1, columns], new Float32Array(columns))

it('answers as encoder and decoder do one after the other', async () => {
  const states = await runOnce(encoder().build(), { input_ids: text.ids, attention_mask: text.mask })
  const hidden = float32([2, 3, width], float32Data(states, 'last_hidden_state'))
  const expected = await runOnce(decoder().build(), { input_ids: given, encoder_hidden_states: hidden })
  const logits = float32Data(expected, 'logits')

  const folder = await temporaryFolder()
  await writeFile(join(folder, 'encoder_model.onnx'), encoder().build())
  await writeFile(join(folder, 'decoder_model.onnx'), decoder().build())
  const prompted = await readPromptedModel(join(folder, 'encoder_model.onnx'))
  const batch = { rows: 2, length: 3, ids: text.ids.data, attentionMask: text.mask.data }
  const answer = await runOnce(
    encodeModel(prompted.model),
    {
      ...prompted.feeds({ ...batch, decoderIds: given.data }),
      [promptInput]: noPrompt(width),
      [positionsInput]: asked
    },
    prompted.folder
  )
  const atSecond = [...logits.slice(words, 2 * words), ...logits.slice(3 * words)]
  expect(
    largestDifference(float32Data(answer, prompted.head.logits), Float32Array.from(atSecond))
  ).toBeLessThan(1e-6)
})

it('runs a graph that gives both lengths one name', async () => {
  const folder = await temporaryFolder()
  await cp(join(architectureFixtures, 't5'), folder, { recursive: true })
  const { file } = await readModelConfig(folder)
  const { tensors } = await listWeights(folder)
  const answerOf = async (length: string): Promise<Float32Array> => {
    const written = writeCheckpointGraph(file, tensors)
    const input = written.model.graph.input.find(({ name }) => name === 'decoder_input_ids')
    const [, size] = input?.type?.tensorType?.shape?.dim ?? []
    size.dimParam = length
    const prompted = promptedModel(written)
    const ids = BigInt64Array.from({ length: 14 }, (_, index) => BigInt(index + 8))
    const feeds = prompted.feeds({
      rows: 2,
      length: 7,
      ids,
      attentionMask: ids.map(() => 1n),
      decoderIds: given.data
    })
    const answer = await runOnce(
      encodeModel(prompted.model),
      { ...feeds, [promptInput]: noPrompt(32), [positionsInput]: asked },
      prompted.folder
    )
    return float32Data(answer, prompted.head.logits)
  }
  expect(await answerOf('sequence_length')).toEqual(await answerOf('decoder_sequence_length'))
})
