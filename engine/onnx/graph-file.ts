/** The graph of a model that its folder names by one file: that file, or an encoder together with its decoder. */
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { joinHalves } from './join-halves.ts'
import { takeBranchWithoutCache } from './merged-decoder.ts'
import { type ModelFile, readModelFile } from './model-file.ts'

const encoderName = /^encoder_model(.*\.onnx)$/

/** The decoders that an encoder's file name asks for, the preferred first; none for a file that is no encoder. */
export function decodersOf(file: string): string[] {
  const [, ending] = encoderName.exec(basename(file)) ?? []
  if (ending === undefined) return []
  return ['decoder_model', 'decoder_model_merged'].map((name) => join(dirname(file), `${name}${ending}`))
}

/** The files of a graph that is named by one: that file, and of an encoder its decoder too, where it is there. */
export function graphPaths(path: string): [string, ...string[]] {
  const decoder = decodersOf(path).find((candidate) => existsSync(candidate))
  return decoder === undefined ? [path] : [path, decoder]
}

/**
 * Reads a graph without its weights.
 * @param path of a whole model, or of an encoder beside its decoder
 * @throws AnchorageError as `readModelFile` and `joinHalves` do
 */
export async function readGraphFile(path: string): Promise<ModelFile> {
  const [, decoderPath] = graphPaths(path)
  const file = await readModelFile(path)
  if (decoderPath === undefined) return file
  const decoder = await readModelFile(decoderPath)
  takeBranchWithoutCache(decoder.model)
  return joinHalves(file, decoder)
}
