/** Plans the experiment of a file for a command; what its paths are relative to is the file's own folder. */
import { dirname, resolve } from 'node:path'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { readExperiment } from '#main/experiments/spec/read-experiment.ts'
import { weightsKnownIn } from '#main/project/known-weights.ts'
import type { CommandSession } from './session.ts'

/**
 * Reads and plans.
 * @param project where hashes from before are kept. Errors as `readExperiment` and `planExperiment`.
 */
export async function planExperimentFile(
  file: string,
  { engine, signal, progress }: CommandSession,
  project?: string
): Promise<ExperimentPlan> {
  const path = resolve(file)
  const experiment = await readExperiment(path)
  const hashWeights = await weightsKnownIn(project === undefined ? undefined : resolve(project), engine)
  const control = { signal, onProgress: progress.show, hashWeights }
  const plan = await planExperiment(experiment, dirname(path), engine, control)
  progress.end()
  return plan
}
