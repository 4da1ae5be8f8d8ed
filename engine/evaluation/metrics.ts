/** Predictions ranked within the candidates, and the figures of the literature made from them. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { LabelledPrediction, Scores } from '#engine/common/contract/evaluation.ts'
import { scoreInterval } from '#engine/common/statistics/average.ts'

export type Prediction = {
  /** Rank of the label among the candidates, from 1; equal logits count in order of the candidates. */
  readonly rank: number
  /** −log of the label's probability among the candidates. */
  readonly loss: number
  /** The highest candidates with their probability among all candidates, best first. */
  readonly top: readonly { readonly token: number; readonly probability: number }[]
}

const topCount = 10

/**
 * Ranks the candidates of one answer.
 * @param logits `[V]`
 * @param candidates `[c]` token ids
 * @param label token id of the label, one of the candidates
 * @throws `bad-value` where a candidate's logit is not a number
 */
export function rankCandidates(logits: Float32Array, candidates: Int32Array, label: number): Prediction {
  const at = candidates.indexOf(label)
  if (at < 0) throw new RangeError(`token ${label} is not among the candidates`)
  const labelLogit = logits[label]
  let rank = 1
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < candidates.length; i++) {
    const logit = logits[candidates[i]]
    if (logit > labelLogit || (logit === labelLogit && i < at)) rank++
    if (logit > highest) highest = logit
  }
  let total = 0
  for (let i = 0; i < candidates.length; i++) total += Math.exp(logits[candidates[i]] - highest)
  if (!Number.isFinite(total)) throw notFinite()
  const top = highestCandidates(logits, candidates).map((token) => ({
    token,
    probability: Math.exp(logits[token] - highest) / total
  }))
  return { rank, loss: Math.log(total) + highest - labelLogit, top }
}

function notFinite(): AnchorageError {
  return new AnchorageError('bad-value', 'The model answered with values that are not finite numbers.', {
    expected: 'finite logits',
    next: 'Check the vectors of the prompt: very large ones make a model overflow, sooner in half precision.'
  })
}

/** The candidates of the highest logits, highest first; equal ones in order of the candidates. */
function highestCandidates(logits: Float32Array, candidates: Int32Array): number[] {
  const best: number[] = []
  for (const token of candidates) {
    if (best.length === topCount && logits[token] <= logits[best[topCount - 1]]) continue
    let place = best.length
    while (place > 0 && logits[best[place - 1]] < logits[token]) place--
    best.splice(place, 0, token)
    if (best.length > topCount) best.pop()
  }
  return best
}

/** Figures over the predictions of a task's examples; all zero where there are none. */
export function scorePredictions(predictions: readonly Pick<LabelledPrediction, 'rank' | 'loss'>[]): Scores {
  const examples = predictions.length
  const mean = (of: (prediction: Pick<LabelledPrediction, 'rank' | 'loss'>) => number) =>
    examples === 0 ? 0 : predictions.reduce((sum, prediction) => sum + of(prediction), 0) / examples
  const hits = predictions.map(({ rank }) => (rank === 1 ? 1 : 0))
  return {
    examples,
    accuracy: mean(({ rank }) => (rank === 1 ? 1 : 0)),
    accuracyInterval: scoreInterval(hits, null, false),
    precisionAt10: mean(({ rank }) => (rank <= 10 ? 1 : 0)),
    meanReciprocalRank: mean(({ rank }) => 1 / rank),
    meanLoss: mean(({ loss }) => loss)
  }
}
