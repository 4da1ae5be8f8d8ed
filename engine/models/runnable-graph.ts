/** Which ONNX graph of a model folder can be run, and what limits it. */
import type { ModelReport } from '#engine/common/contract/models.ts'
import { isFourBit, listOnnxFiles } from './weight-files.ts'

/**
 * The graph to run: the exact one before half precision before 8 bits; none in 4 bits.
 * @param weights the file that the model was opened from, relative to the folder: where it is a graph, it is the one
 */
export async function findRunnableGraph(folder: string, weights: string): Promise<ModelReport['graph']> {
  if (weights.endsWith('.onnx')) return { file: weights, note: limitsOf(weights) }
  const files = await listOnnxFiles(folder)
  const file = files.find((name) => !isFourBit(name))
  if (file === undefined) return { file: null, note: whyNone(files) }
  return { file, note: limitsOf(file) }
}

function whyNone(files: readonly string[]): string {
  if (files.length > 0) {
    return `Only 4-bit graphs are there (${files.join(', ')}), which are not run: fetch onnx/model.onnx.`
  }
  return 'There is no ONNX graph, so prompts can be transferred but not evaluated or tuned: export one to onnx/model.onnx.'
}

function limitsOf(file: string): string {
  if (/_(quantized|u?int8)\.onnx$/.test(file)) {
    return 'The graph is quantised to 8 bits: it can be run, but prompts can not be tuned on it.'
  }
  if (/_fp16\.onnx$/.test(file)) return 'The graph computes in half precision.'
  return 'The graph computes in the precision of the model.'
}
