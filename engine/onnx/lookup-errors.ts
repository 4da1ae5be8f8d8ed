/** Says why no lookup of word embeddings was found in a graph, and which file of the model to use instead. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type GraphView, innerGraphs } from './graph-view.ts'

/** Forms of the lookup that other tools make and that can't be taken apart, by operator. */
const fusedLookups: Readonly<Record<string, string>> = {
  EmbedLayerNormalization: 'the lookup is fused with the positions and the normalisation',
  SkipLayerNormalization: 'the model was optimised for one runtime',
  GatherBlockQuantized: 'the table is packed in 4-bit blocks'
}

function describeObstacle(view: GraphView, input: string): { found: string; next: string } {
  const inputs = view.inputs.map((info) => info.name)
  if (!inputs.includes(input)) {
    return {
      found: `no input ${input}; the inputs are ${inputs.join(', ') || 'none'}`,
      next: `Use an export that takes ${input}, not embeddings.`
    }
  }
  const fused = view.graph.node.find((node) => node.opType in fusedLookups)
  if (fused !== undefined) {
    return {
      found: `${fused.opType} (node ${fused.name}): ${fusedLookups[fused.opType]}`,
      next: 'Use the plain export: model.onnx or model_fp16.onnx.'
    }
  }
  const branching = view.graph.node.find((node) =>
    innerGraphs(node).some((inner) => inner.node.some(({ opType }) => opType === 'Gather'))
  )
  if (branching !== undefined) {
    return {
      found: `the lookup is inside a branch (node ${branching.name}, ${branching.opType})`,
      next: 'Use an export without branches: model.onnx or decoder_model.onnx.'
    }
  }
  const call = view.graph.node.find((node) => node.domain.startsWith('pkg.'))
  if (call !== undefined) {
    return {
      found: `calls of the exporter's own functions (node ${call.name}, ${call.domain}:${call.opType})`,
      next: 'Inline the functions (onnx.inliner), or export with a newer torch.'
    }
  }
  return {
    found: `no Gather that reads rows of a constant table at the ids of ${input}`,
    next: 'Export the model again with torch.onnx or optimum.'
  }
}

export function lookupMissing(view: GraphView, name: string, input: string): AnchorageError {
  return new AnchorageError('unsupported', 'The word-embedding lookup was not found in the model.', {
    where: name,
    expected: `Gather(table [V, e], ${input}), float32, float16 or int8 with DequantizeLinear`,
    ...describeObstacle(view, input)
  })
}

export function lookupsDiffer(name: string, lookups: readonly string[]): AnchorageError {
  return new AnchorageError('unsupported', 'The model looks its token ids up in several tables.', {
    where: name,
    found: lookups.join('; '),
    expected: 'one word-embedding table',
    next: 'Prompts can be put into models with a single word-embedding table.'
  })
}

export function wordsQuantised(name: string, words: string, table: string): AnchorageError {
  return new AnchorageError(
    'unsupported',
    'The quantised word embeddings are never turned into numbers alone.',
    {
      where: name,
      found: `rows of ${table} (${words}) that are read as whole numbers`,
      expected: 'a DequantizeLinear right after the lookup, or before it',
      next: 'Use model.onnx or model_fp16.onnx.'
    }
  )
}
