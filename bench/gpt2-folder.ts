/** A model folder of GPT-2's size with random weights and no graph, and the plain model as an ONNX file beside it. */
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeGraph } from '#engine/architectures/write-graph.ts'
import { repeatedWeights } from './bert-base.ts'
import { writeVocabulary } from './bert-folder.ts'

/** 12 layers, 768 wide, 50,257 tokens: 124 million weights. All other settings are GPT-2's by default. */
const vocabulary = 50_257

/** Writes both into a folder and answers with their paths. */
export async function writeGpt2(folder: string): Promise<{ model: string; plain: string }> {
  const [model, plain] = [join(folder, 'gpt2'), join(folder, 'plain.onnx')]
  await mkdir(model)
  await writeVocabulary(model, vocabulary)
  const settings = { model_type: 'gpt2', architectures: ['GPT2LMHeadModel'], vocab_size: vocabulary }
  await writeFile(join(model, 'config.json'), JSON.stringify(settings))
  const graph = writeGraph({ path: plain, settings }, repeatedWeights())
  await writeFile(plain, graph.build())
  const weights = graph.model.graph.initializer.flatMap(({ name, dims, rawData }) =>
    name.startsWith('transformer.') && rawData ? [{ name, shape: dims.map(Number), rawData }] : []
  )
  let end = 0
  const entries = weights.map(({ name, shape, rawData }) => {
    const start = end
    end += rawData.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }]
  })
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const file = await open(join(model, 'model.safetensors'), 'w')
  try {
    await file.write(Buffer.concat([length, header]))
    for (const { rawData } of weights) await file.write(rawData)
  } finally {
    await file.close()
  }
  return { model, plain }
}
