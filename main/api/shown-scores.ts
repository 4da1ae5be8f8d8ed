/** Scores as windows get them. */
import type { Scores } from '#engine/common/contract/evaluation.ts'
import { wilsonInterval } from '#engine/common/statistics/proportion.ts'

/** With Wilson's interval where all are right or none: older versions stored the bootstrap's, which has no width there. */
export function shownScores(scores: Scores): Scores {
  const { examples, accuracy } = scores
  const isExtreme = examples > 0 && (accuracy === 0 || accuracy === 1)
  return isExtreme ? { ...scores, accuracyInterval: wilsonInterval(accuracy, examples) } : scores
}
