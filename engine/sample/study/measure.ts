/** Measures contestants on every relation, and keeps for every fact whether it was answered. */
import { mean } from 'simple-statistics'
import type { Contestant } from '#engine/common/contract/evaluation.ts'
import { evaluationRequestSchema } from '#engine/common/contract/evaluation.ts'
import { meanInterval } from '#engine/common/statistics/bootstrap.ts'
import { runEvaluation } from '#engine/evaluation/run-evaluation.ts'
import { modelFolder, relationSource, type SampleFolders } from './sample-folders.ts'

/** What one method answered: for every fact, by its id, whether each seed's prompt was right. */
export type Answers = Map<string, boolean[]>

/** The answers of every method, by name. */
export type Tally = Map<string, Answers>

/** Adds the answers of contestants on one relation of a target to the tally, under their names. */
export async function measureRelation(
  folders: SampleFolders,
  target: string,
  relation: string,
  contestants: readonly Contestant[],
  tally: Tally
): Promise<void> {
  const request = evaluationRequestSchema.parse({
    model: { folder: modelFolder(folders, target) },
    task: relationSource(folders, relation),
    contestants
  })
  const context = { signal: new AbortController().signal, progress: () => {} }
  const result = await runEvaluation(request, 'cpu', context)
  for (const { name, predictions } of result.contestants) {
    const answers: Answers = tally.get(name) ?? new Map()
    for (const { example, rank } of predictions) {
      answers.set(example, [...(answers.get(example) ?? []), rank === 1])
    }
    tally.set(name, answers)
  }
}

export type Figure = {
  readonly accuracy: number
  readonly low: number
  readonly high: number
  /** Different facts asked. */
  readonly facts: number
  /** Answers: facts times seeds. */
  readonly n: number
}

/**
 * Micro-averaged accuracy with a 95 % bootstrap interval. Facts are drawn, and the answers of all seeds to a fact stay
 * together: they are no independent observations. Every seed was asked the same facts.
 */
export function accuracyOf(answers: Answers): Figure {
  const facts = [...answers.values()]
  const shares = facts.map((seeds) => seeds.filter(Boolean).length / seeds.length)
  return {
    accuracy: mean(shares),
    ...meanInterval(shares),
    facts: facts.length,
    n: facts.reduce((sum, seeds) => sum + seeds.length, 0)
  }
}
