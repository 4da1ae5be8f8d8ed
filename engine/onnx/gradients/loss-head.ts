/**
 * Appends the loss of prompt tuning to a graph: the mean cross entropy of labels, or of distributions over chosen tokens,
 * under the logits of the rows that were asked for, over the whole vocabulary or over chosen tokens.
 */
import { dataTypes } from '../build-messages.ts'
import type { GraphBuilder } from '../graph-builder.ts'

/** The input of labels: int64 token ids `[n]`. */
export const labelsInput = 'anchorage_labels'

/** The input of candidates: int64 token ids `[k]`. */
export const candidatesInput = 'anchorage_candidates'

/** The input of distributions in place of labels: float32 probabilities of the candidates `[n, k]`. */
export const distributionsInput = 'anchorage_distributions'

export type LossSettings = {
  /**
   * Whether the probabilities are over chosen tokens alone. The graph then has the input
   * {@link candidatesInput}; labels are ids of the whole vocabulary all the same and must be among them.
   */
  readonly amongCandidates: boolean
  /** Whether the target of a row is a distribution over the candidates, {@link distributionsInput}, and not a label. */
  readonly distributions?: boolean
}

/** What the logits of tokens that are no candidates are lowered by; finite, as not every device knows infinities. */
const farBelow = -1e30

/**
 * Adds the inputs that the settings ask for, and the nodes of the loss: of labels
 * −1/n Σ_i log softmax(logits_i)[label_i], of distributions q −1/n Σ_i Σ_c q_ic log softmax(logits_i)[c].
 * @param logits name of the float32 logits `[n, V]`
 * @returns name of the loss, without axes
 */
export function appendLossHead(graph: GraphBuilder, logits: string, settings: LossSettings): string {
  const { amongCandidates, distributions = false } = settings
  const candidates =
    amongCandidates || distributions ? graph.input(candidatesInput, 'int64', ['candidate_count']) : null
  const scores = amongCandidates && candidates !== null ? lowerOthers(graph, logits, candidates) : logits
  const logProbabilities = graph.node('LogSoftmax', [scores], { axis: { int: 1 } })
  return distributions && candidates !== null
    ? againstDistributions(graph, logProbabilities, candidates)
    : againstLabels(graph, logProbabilities)
}

/** The negative mean over all elements. */
function negativeMean(graph: GraphBuilder, values: string): string {
  return graph.node('ReduceMean', [graph.node('Neg', [values])], { keepdims: { int: 0 } })
}

function againstLabels(graph: GraphBuilder, logProbabilities: string): string {
  const labels = graph.input(labelsInput, 'int64', ['rows'])
  const column = graph.initializer('label_column', 'int64', [2], BigInt64Array.of(-1n, 1n))
  const indices = graph.node('Reshape', [labels, column])
  return negativeMean(graph, graph.node('GatherElements', [logProbabilities, indices], { axis: { int: 1 } }))
}

function againstDistributions(graph: GraphBuilder, logProbabilities: string, candidates: string): string {
  const targets = graph.input(distributionsInput, 'float32', ['rows', 'candidate_count'])
  const ofCandidates = graph.node('Gather', [logProbabilities, candidates], { axis: { int: 1 } })
  const mean = negativeMean(graph, graph.node('Mul', [ofCandidates, targets]))
  // The mean over rows and candidates; the sum over candidates is wanted.
  const count = graph.node('Cast', [lengthOf(graph, candidates, 0)], { to: { int: dataTypes.float32 } })
  return graph.node('Squeeze', [graph.node('Mul', [mean, count])])
}

/** How long an axis of a value is, `[1]`. */
function lengthOf(graph: GraphBuilder, name: string, axis: number): string {
  const from = graph.initializer('length_of_axis', 'int64', [1], BigInt64Array.of(BigInt(axis)))
  return graph.node('Gather', [graph.node('Shape', [name]), from])
}

/** Adds to the logits a row `[V]` that is 0 at the candidates and far below elsewhere. */
function lowerOthers(graph: GraphBuilder, logits: string, candidates: string): string {
  const width = lengthOf(graph, logits, 1)
  const low = graph.initializer('far_below', 'float32', [], Float32Array.of(farBelow))
  const zero = graph.initializer('no_change', 'float32', [], Float32Array.of(0))
  const row = graph.node('Expand', [low, width])
  const zeros = graph.node('Expand', [zero, graph.node('Shape', [candidates])])
  const change = graph.node('ScatterElements', [row, candidates, zeros], { axis: { int: 0 } })
  return graph.node('Add', [logits, change])
}
