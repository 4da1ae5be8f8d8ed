/** Accuracy over several tasks, as the literature averages it. */
import type { Scores } from './evaluation.ts'

export type AverageAccuracy = {
  readonly tasks: number
  readonly examples: number
  /** Every example counts once: the paper's figure. */
  readonly micro: number
  /** Every task counts once; tasks without examples are left out. */
  readonly macro: number
}

/** Micro and macro average of the accuracy; zero where there are no examples. */
export function averageAccuracy(scores: readonly Pick<Scores, 'accuracy' | 'examples'>[]): AverageAccuracy {
  const counted = scores.filter(({ examples }) => examples > 0)
  const examples = counted.reduce((sum, task) => sum + task.examples, 0)
  const right = counted.reduce((sum, task) => sum + task.accuracy * task.examples, 0)
  const accuracies = counted.reduce((sum, task) => sum + task.accuracy, 0)
  return {
    tasks: counted.length,
    examples,
    micro: examples === 0 ? 0 : right / examples,
    macro: counted.length === 0 ? 0 : accuracies / counted.length
  }
}
