/**
 * Appends the loss of prompt tuning to a graph: the mean cross entropy of labels under the logits of the rows
 * that were asked for, over the whole vocabulary or over chosen tokens.
 */
import type { GraphBuilder } from '../graph-builder.ts'

/** The input of labels: int64 token ids `[n]`. */
export const labelsInput = 'anchorage_labels'

/** The input of candidates: int64 token ids `[k]`. */
export const candidatesInput = 'anchorage_candidates'

export type LossHead = {
  /** −mean log p(label), without axes. */
  readonly loss: string
  /** −log p(label) of every row: `[n, 1]`. */
  readonly rowLosses: string
}

export type LossHeadSettings = {
  /** Name of the float32 logits `[n, V]`. */
  readonly logits: string
  /**
   * Whether the probabilities are over chosen tokens alone. The graph then has the input
   * {@link candidatesInput}; labels are ids of the whole vocabulary all the same and must be among them.
   */
  readonly amongCandidates: boolean
}

/** What the logits of tokens that are no candidates are lowered by; finite, as not every device knows infinities. */
const farBelow = -1e30

/**
 * Adds {@link labelsInput} and, where asked for, {@link candidatesInput}, and the nodes of
 * loss = −1/n Σ_i log softmax(logits_i)[label_i].
 */
export function appendLossHead(graph: GraphBuilder, settings: LossHeadSettings): LossHead {
  const { logits, amongCandidates } = settings
  const labels = graph.input(labelsInput, 'int64', ['rows'])
  const scores = amongCandidates ? lowerOthers(graph, logits) : logits
  const logProbabilities = graph.node('LogSoftmax', [scores], { axis: { int: 1 } })
  const column = graph.initializer('label_column', 'int64', [2], BigInt64Array.of(-1n, 1n))
  const labelIndices = graph.node('Reshape', [labels, column])
  const ofLabels = graph.node('GatherElements', [logProbabilities, labelIndices], { axis: { int: 1 } })
  const rowLosses = graph.node('Neg', [ofLabels])
  const loss = graph.namedNode(graph.freshName('loss'), 'ReduceMean', [rowLosses], { keepdims: { int: 0 } })
  return { loss, rowLosses }
}

/** Adds to the logits a row `[V]` that is 0 at the candidates and far below elsewhere. */
function lowerOthers(graph: GraphBuilder, logits: string): string {
  const candidates = graph.input(candidatesInput, 'int64', ['candidate_count'])
  const from = graph.initializer('vocabulary_axis', 'int64', [1], BigInt64Array.of(1n))
  const width = graph.node('Gather', [graph.node('Shape', [logits]), from])
  const low = graph.initializer('far_below', 'float32', [], Float32Array.of(farBelow))
  const zero = graph.initializer('no_change', 'float32', [], Float32Array.of(0))
  const row = graph.node('Expand', [low, width])
  const zeros = graph.node('Expand', [zero, graph.node('Shape', [candidates])])
  const change = graph.node('ScatterElements', [row, candidates, zeros], { axis: { int: 0 } })
  return graph.node('Add', [logits, change])
}
