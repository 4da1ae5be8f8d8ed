/** The ONNX files of a model folder by what exporters put into them, which they tell by names. */
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { containedPath } from '#engine/common/files/contained-path.ts'
import { decodersOf } from '#engine/onnx/graph-file.ts'

export type OnnxFiles = {
  /**
   * Whole language models, from token ids to logits, the preferred first; relative to the folder. An encoder stands for
   * itself and the decoder beside it.
   */
  readonly graphs: readonly string[]
  /** Graphs that hold the word embeddings but are a part of a model alone. */
  readonly parts: readonly { readonly file: string; readonly kind: 'encoder' | 'embeddings' }[]
}

/** transformers.js names an ONNX file by how its weights are stored; the most exact first. */
const suffixes = ['', '_fp16', '_quantized', '_int8', '_uint8', '_q4', '_q4f16', '_bnb4']

/** Of a decoder that stands alone, optimum and transformers write several: each of these reads a text from its beginning. */
const wholeDecoders = ['decoder_model_merged', 'decoder_model', 'prefill']

/** What never is a whole language model. */
const partNames = /^(encoder|decoder|decode|embed_tokens|vision|audio|speech|text_)/

/** Looks for the ONNX files of a folder, and of `onnx/` inside it. */
export async function listOnnxFiles(folder: string): Promise<OnnxFiles> {
  const present = await onnxFilesIn(folder)
  const named = (base: string) =>
    suffixes.flatMap((suffix) => present.filter((file) => basename(file, '.onnx') === `${base}${suffix}`))
  const encoders = named('encoder_model')
  const embeddings = named('embed_tokens')
  const isWhole = encoders.length === 0 && embeddings.length === 0
  const joined = encoders.filter((file) => decodersOf(file).some((decoder) => present.includes(decoder)))
  const usual = [...named('model'), ...(isWhole ? wholeDecoders.flatMap(named) : joined)]
  const others = present.filter((file) => !partNames.test(basename(file)))
  return {
    graphs: usual.length === 0 && others.length === 1 ? others : usual,
    parts: [
      ...embeddings.map((file) => ({ file, kind: 'embeddings' as const })),
      ...encoders.filter((file) => !joined.includes(file)).map((file) => ({ file, kind: 'encoder' as const }))
    ]
  }
}

/** Those of `onnx/` before those beside config.json; links out of the folder are no files of it. */
async function onnxFilesIn(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const place of ['onnx/', '']) {
    for (const name of (await readdir(`${folder}/${place}`).catch((): string[] => [])).sort()) {
      const file = `${place}${name}`
      if (name.endsWith('.onnx') && (await containedPath(folder, file)) !== undefined) found.push(file)
    }
  }
  return found
}
