/** Makes runs small enough for the tens of millions of predictions of a large experiment to fit into memory. */
import type { KeptPrediction } from '#engine/common/contract/runs.ts'
import type { EvaluatedRun } from './results.ts'

type Run = Omit<EvaluatedRun, 'examples' | 'ranks'>

/** Makes runs small; lists of examples are shared among all that one call of this was used for. */
export function createRunReducer(): (run: Run, predictions: readonly KeptPrediction[]) => EvaluatedRun {
  const lists = new Map<string, readonly string[]>()
  return ({ manifest, matching, curve, notes, scores, seconds, chosenStep, chosenOn }, predictions) => {
    const examples = predictions.map(({ example }) => example)
    const key = examples.join('\n')
    const known = lists.get(key) ?? examples
    lists.set(key, known)
    return {
      manifest,
      matching,
      curve,
      notes,
      scores,
      seconds,
      chosenStep,
      chosenOn,
      examples: known,
      ranks: Int32Array.from(predictions, ({ rank }) => rank)
    }
  }
}
