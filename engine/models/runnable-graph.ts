/** Which graph of a model folder can be run, and what limits it. */
import { extname } from 'node:path'
import type { ConfigFile } from '#engine/architectures/settings.ts'
import { writeCheckpointGraph } from '#engine/architectures/write-graph.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import type { WeightsListing } from './choose-table.ts'
import { memoryOf } from './graph-memory.ts'
import { isFourBit, listOnnxFiles } from './weight-files.ts'

/** Whether the graph to run is a file of the folder, not one that is written from weights. */
export function isGraphFile(file: string): boolean {
  return extname(file) === '.onnx'
}

/**
 * The graph to run: an ONNX file, the exact one before half precision before 8 bits; else the weights that a graph is
 * written from. 4-bit graphs are not run.
 */
export async function findRunnableGraph(
  folder: string,
  config: ConfigFile,
  weights: WeightsListing
): Promise<ModelReport['graph']> {
  const files = await listOnnxFiles(folder)
  const file = files.find((name) => !isFourBit(name))
  if (file !== undefined) return { file, note: limitsOf(file) }
  if (weights.traced === null) return describeWritten(config, weights)
  return { file: null, note: `Only 4-bit graphs are there (${files.join(', ')}), which are not run.` }
}

/** The graph that is written from weights, or why none is. */
function describeWritten(config: ConfigFile, { file, tensors }: WeightsListing): ModelReport['graph'] {
  try {
    const memory = memoryOf(writeCheckpointGraph(config, tensors).model)
    return { file, note: `The graph is written from config.json and ${file}; ${memory}.` }
  } catch (error) {
    if (!(error instanceof AnchorageError)) throw error
    const { where, found } = error.detail
    const reason = [error.message, where, found].filter((part) => part !== undefined).join(' ')
    return {
      file: null,
      note: `Prompts can be transferred but not evaluated or tuned, as there is no ONNX graph (onnx/model.onnx) and none is written: ${reason}`
    }
  }
}

function limitsOf(file: string): string {
  if (/_(quantized|u?int8)\.onnx$/.test(file)) {
    return 'The graph is quantised to 8 bits: it can be run, but prompts can not be tuned on it.'
  }
  if (/_fp16\.onnx$/.test(file)) return 'The graph computes in half precision.'
  return 'The graph computes in the precision of the model.'
}
