/** Predictions ranked within the candidates, and the figures of the literature made from them. */
import type { Scores } from '../contract/evaluation.ts'

export type Prediction = {
  /** Rank of the label among the candidates, from 1; equal logits count in order of the candidates. */
  readonly rank: number
  /** The highest candidates with their probability among all candidates, best first. */
  readonly top: readonly { readonly token: number; readonly probability: number }[]
}

const topCount = 10

/**
 * Ranks the candidates of one answer.
 * @param logits `[c]`, one per candidate
 * @param candidates `[c]` token ids
 * @param label token id of the label, one of the candidates
 */
export function rankCandidates(logits: Float32Array, candidates: Int32Array, label: number): Prediction {
  const at = candidates.indexOf(label)
  if (at < 0) throw new RangeError(`token ${label} is not among the candidates`)
  let rank = 1
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] > logits[at] || (logits[i] === logits[at] && i < at)) rank++
    if (logits[i] > highest) highest = logits[i]
  }
  let total = 0
  for (const logit of logits) total += Math.exp(logit - highest)
  const top = highestIndices(logits, topCount).map((i) => ({
    token: candidates[i],
    probability: Math.exp(logits[i] - highest) / total
  }))
  return { rank, top }
}

/** Indices of the `count` highest values, highest first; equal values in order of index. */
function highestIndices(values: Float32Array, count: number): number[] {
  const best: number[] = []
  for (let i = 0; i < values.length; i++) {
    if (best.length === count && values[i] <= values[best[count - 1]]) continue
    let place = best.length
    while (place > 0 && values[best[place - 1]] < values[i]) place--
    best.splice(place, 0, i)
    if (best.length > count) best.pop()
  }
  return best
}

/** Figures over the ranks of a task's examples; all zero where there are none. */
export function scoreRanks(ranks: readonly number[]): Scores {
  const share = (of: (rank: number) => number) =>
    ranks.length === 0 ? 0 : ranks.reduce((sum, rank) => sum + of(rank), 0) / ranks.length
  return {
    examples: ranks.length,
    accuracy: share((rank) => (rank === 1 ? 1 : 0)),
    precisionAt10: share((rank) => (rank <= 10 ? 1 : 0)),
    meanReciprocalRank: share((rank) => 1 / rank)
  }
}

/** Accuracy over several tasks: micro (every example counts once, the paper's figure) and macro (every task). */
export function averageAccuracy(tasks: readonly Scores[]): { micro: number; macro: number } {
  const examples = tasks.reduce((sum, task) => sum + task.examples, 0)
  const right = tasks.reduce((sum, task) => sum + task.accuracy * task.examples, 0)
  const counted = tasks.filter((task) => task.examples > 0)
  return {
    micro: examples === 0 ? 0 : right / examples,
    macro: counted.length === 0 ? 0 : counted.reduce((sum, task) => sum + task.accuracy, 0) / counted.length
  }
}
