/** Which ONNX files of a folder are whole language models, as exporters name them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listOnnxFiles } from '#engine/models/onnx-files.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { modelFolder, tokens } from '#test/support/model-folder.ts'
import { openWithTable } from '#test/support/open-with-table.ts'

/** A model folder with a graph of one lookup of 4 columns under each name. */
async function folderWith(files: readonly string[], settings?: Record<string, unknown>): Promise<string> {
  const folder = await modelFolder(settings)
  await mkdir(join(folder, 'onnx'))
  for (const file of files) {
    const graph = graphBuilder({ opset: 17 })
    const table = graph.initializer('w', 'float32', [tokens.length, 4], sines)
    const ids = graph.input('input_ids', 'int64', ['batch', 'sequence'])
    graph.output(graph.node('Gather', [table, ids]), 'float32', ['batch', 'sequence', 4])
    await writeFile(join(folder, file), graph.build())
  }
  return folder
}

const sines = Float32Array.from({ length: 32 }, (_, i) => Math.sin(i))
const nothing: string[] = []

test.each([
  [
    'the usual names, onnx/ first',
    ['model.onnx', 'onnx/model.onnx', 'onnx/model_fp16.onnx'],
    ['onnx/model.onnx', 'model.onnx', 'onnx/model_fp16.onnx'],
    nothing
  ],
  [
    'a decoder that stands alone',
    ['onnx/decoder_model.onnx', 'onnx/decoder_model_merged.onnx', 'onnx/decoder_with_past_model.onnx'],
    ['onnx/decoder_model_merged.onnx', 'onnx/decoder_model.onnx'],
    nothing
  ],
  ['a decoder in two steps', ['prefill.onnx', 'decode.onnx'], ['prefill.onnx'], nothing],
  [
    'the halves of an encoder-decoder',
    ['encoder_model.onnx', 'decoder_model.onnx', 'decoder_model_merged.onnx'],
    ['encoder_model.onnx'],
    nothing
  ],
  ['an encoder alone', ['onnx/encoder_model.onnx'], nothing, ['onnx/encoder_model.onnx']],
  [
    'a lookup and a decoder of embeddings',
    ['onnx/embed_tokens.onnx', 'onnx/decoder_model_merged.onnx'],
    nothing,
    ['onnx/embed_tokens.onnx']
  ],
  ['one file of another name', ['gpt2.onnx'], ['gpt2.onnx'], nothing],
  ['two files of other names, of which nobody knows which', ['a.onnx', 'b.onnx'], nothing, nothing]
])('%s', async (_, files, graphs, parts) => {
  const found = await listOnnxFiles(await folderWith(files))
  expect(found.graphs).toEqual(graphs)
  expect(found.parts.map(({ file }) => file)).toEqual(parts)
})

test.each([
  [['encoder_model.onnx'], 'an encoder (encoder_model.onnx) without its decoder'],
  [
    ['onnx/embed_tokens.onnx', 'onnx/decoder_model_merged.onnx'],
    'a decoder that takes embeddings in place of tokens'
  ]
])('the table of %s is read, and why they do not run is said', async (files, note) => {
  const { report, table } = await openWithTable({ folder: await folderWith(files) })
  expect(table.data).toEqual(sines)
  expect(report.table.file).toBe(files[0])
  expect(report.graph).toEqual({ file: null, note: expect.stringContaining(note) })
})
