/** Which graph of a model folder can be run, and what limits it. */
import { basename, extname, join } from 'node:path'
import type { ConfigFile } from '#engine/architectures/settings.ts'
import { writeCheckpointGraph } from '#engine/architectures/write-graph.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import { type Precision, precisions } from '#engine/common/contract/verify.ts'
import { readGraphFile } from '#engine/onnx/graph-file.ts'
import { graphPrecision } from '#engine/onnx/graph-precision.ts'
import type { WeightsListing } from './choose-table.ts'
import { memoryOf } from './graph-memory.ts'
import { listOnnxFiles, type OnnxFiles } from './onnx-files.ts'

type Candidate = { readonly file: string; readonly precision: Precision | AnchorageError }

/** Whether the graph to run is a file of the folder, not one that is written from weights. */
export function isGraphFile(file: string): boolean {
  return extname(file) === '.onnx'
}

/**
 * The graph to run: an ONNX file, the exact one before half precision before 8 bits; else the weights that a graph is
 * written from. 4-bit graphs are not run.
 * @param named the file that a person named, relative to the folder: where it is a graph, no other is run
 */
export async function findRunnableGraph(
  folder: string,
  config: ConfigFile,
  weights: WeightsListing,
  named?: string
): Promise<ModelReport['graph']> {
  const { parts, ...files } = await listOnnxFiles(folder)
  const graphs = named !== undefined && isGraphFile(named) ? [named] : files.graphs
  const candidates: Candidate[] = []
  for (const file of graphs) {
    const precision = await precisionOf(join(folder, file))
    candidates.push({ file, precision })
    if (precision === 'float32') break
  }
  const [best] = candidates
    .filter(({ precision }) => precision !== '4-bit')
    .toSorted((a, b) => rank(a.precision) - rank(b.precision))
  if (best !== undefined) return { file: best.file, note: limitsOf(best.precision) }
  if (!isGraphFile(weights.file)) return describeWritten(config, weights)
  return { file: null, note: whyNone({ graphs, parts }) }
}

/** The graph that is written from weights, or why none is. */
function describeWritten(config: ConfigFile, { file, tensors }: WeightsListing): ModelReport['graph'] {
  try {
    const memory = memoryOf(writeCheckpointGraph(config, tensors).model)
    const from = basename(config.path) === file ? file : `${basename(config.path)} and ${file}`
    return { file, note: `The graph is written from ${from}; ${memory}.` }
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

/** A file that can't be read is told of, and refused with all details when it is run. */
async function precisionOf(path: string): Promise<Precision | AnchorageError> {
  try {
    const { model } = await readGraphFile(path)
    return graphPrecision(model.graph)
  } catch (error) {
    if (error instanceof AnchorageError) return error
    throw error
  }
}

/** The most exact first, files that can't be read last. */
function rank(precision: Candidate['precision']): number {
  return precision instanceof AnchorageError ? precisions.length : precisions.indexOf(precision)
}

/** Why a folder whose weights are those of ONNX files has no graph to run. */
function whyNone({ graphs, parts }: OnnxFiles): string {
  if (graphs.length > 0) {
    return `Only 4-bit graphs are there (${graphs.join(', ')}), which are not run: fetch an export in float32, float16 or 8 bits.`
  }
  const [part] = parts
  if (part !== undefined) return whyPart(part)
  return 'There is no ONNX graph, so prompts can be transferred but not evaluated or tuned: export one to onnx/model.onnx.'
}

/** Why the parts of a model can't be queried: its prompts can be transferred all the same, the table is there. */
function whyPart({ file, kind }: OnnxFiles['parts'][number]): string {
  switch (kind) {
    case 'encoder':
      return `The ONNX graph is an encoder (${file}) without its decoder (decoder_model.onnx): prompts can be transferred but not evaluated or tuned.`
    case 'embeddings':
      return `The ONNX graphs are a lookup (${file}) and a decoder that takes embeddings in place of tokens, which are not joined here: prompts can be transferred; to evaluate and tune them, export one graph that takes input_ids.`
  }
}

function limitsOf(precision: Candidate['precision']): string {
  if (precision instanceof AnchorageError) return `The graph can not be read: ${precision.message}`
  switch (precision) {
    case 'float32':
      return 'The graph computes in the precision of the model.'
    case 'half':
      return 'The graph holds weights in half precision.'
    case '8-bit':
      return 'The graph is quantised to 8 bits: it can be run, but prompts can not be tuned on it.'
    case '4-bit':
      return 'The graph is quantised to 4 bits.'
  }
}
