/** The scores of the literature, of the ranks of labels. */
import { scoreInterval } from './average.ts'

/** Rank of the label, from 1, and −log of its probability. */
type Ranked = { readonly rank: number; readonly loss: number }

/**
 * Figures over the predictions of a task's examples: P@1 with its 95 % interval, P@10, the means of 1 / rank and of the
 * loss; all zero where there are none.
 */
export function scorePredictions(predictions: readonly Ranked[]) {
  const examples = predictions.length
  const mean = (of: (prediction: Ranked) => number) =>
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
