/** Measures contestants on every relation, and keeps for every fact whether it was answered. */
import type { Contestant } from '../../contract/evaluation.ts'
import { evaluationRequestSchema } from '../../contract/evaluation.ts'
import { seededUniform } from '../../random/seeded-random.ts'
import { runEvaluation } from '../../tasks/run-evaluation.ts'
import { modelFolder, relationSource, type SampleFolders } from './sample-folders.ts'

/** One contestant over all relations: right answers by fact, and where it was carried the matching by relation. */
export type Measured = { readonly right: boolean[]; readonly matching: number[] }

/** A method's answers, the facts of all seeds one after the other. */
export type Tally = Map<string, Measured>

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
    const measured = tally.get(name) ?? { right: [], matching: [] }
    measured.right.push(...predictions.map(({ rank }) => rank === 1))
    tally.set(name, measured)
  }
}

export type Figure = {
  readonly accuracy: number
  readonly low: number
  readonly high: number
  readonly n: number
}

const resamples = 1000

/** Micro-averaged accuracy with a 95 % bootstrap interval over facts. */
export function accuracyOf({ right }: Measured): Figure {
  const n = right.length
  const share = right.filter(Boolean).length / n
  const uniform = seededUniform(1)
  const shares = Array.from({ length: resamples }, () => {
    let count = 0
    for (let i = 0; i < n; i++) if (right[Math.floor(uniform() * n)]) count++
    return count / n
  }).sort((a, b) => a - b)
  return {
    accuracy: share,
    low: shares[Math.floor(0.025 * resamples)],
    high: shares[Math.floor(0.975 * resamples)],
    n
  }
}
