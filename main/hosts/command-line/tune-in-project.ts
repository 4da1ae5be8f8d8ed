/** Tunes or refines a prompt in a project, where it is a run, and tells of it as the engine does. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { RefinementResult } from '#engine/common/contract/refinement.ts'
import type { TuningResult } from '#engine/common/contract/tuning.ts'
import type { ComputedRun } from '#main/experiments/execute/results.ts'
import { runInProject } from '#main/experiments/execute/run-in-project.ts'
import type { GroupControl } from '#main/experiments/execute/run-work-group.ts'
import {
  type FileRefinement,
  type FileTuning,
  prepareRefinement,
  prepareTuning
} from '#main/experiments/plan/order-references.ts'
import type { WorkbenchContext } from '#main/project/context.ts'

function notTuned(name: string): AnchorageError {
  return new AnchorageError('internal', `${name} was not tuned.`)
}

type Steps = Omit<TuningResult, 'template' | 'selection' | 'ended' | 'examples'>

/** What a run that took steps on its model tells of them. */
function stepsOf({ name, manifest, vectors, loss, chosenStep, curve, notes, seconds }: ComputedRun): Steps {
  if (vectors === null || loss === null || chosenStep === null) throw notTuned(name)
  const validations = curve.map(({ step, accuracy, meanReciprocalRank }) => ({
    step,
    accuracy,
    meanReciprocalRank
  }))
  return { prompt: vectors, chosenStep, loss, validations, notes, device: manifest.device.used, seconds }
}

function tuningOf(run: ComputedRun): TuningResult {
  const { tuning, selection } = run.manifest
  const isTuned = selection === 'validation' || selection === 'last'
  if (!isTuned || !tuning?.ended || !tuning.examples) throw notTuned(run.name)
  const { template, ended, examples } = tuning
  return { ...stepsOf(run), template, selection, ended, examples }
}

function refinementOf(run: ComputedRun): RefinementResult {
  const { refinement, selection, template } = run.manifest
  if (refinement === undefined || template === null) throw notTuned(run.name)
  const { teaching, ended } = refinement
  return {
    ...stepsOf(run),
    template,
    selection: selection === 'agreement' ? 'validation' : 'last',
    ended,
    teaching
  }
}

/** Cancelled, it ends with the best so far, which is kept. */
export async function tuneInProject(
  project: WorkbenchContext,
  order: FileTuning,
  control: GroupControl
): Promise<TuningResult> {
  const group = await prepareTuning(project, order, control.signal)
  const outcome = await runInProject(project, group, { ...control, keepsBest: true })
  if (outcome.kind === 'tuning') return tuningOf(outcome.run)
  throw notTuned(group.label)
}

/** Cancelled, nothing is kept. */
export async function refineInProject(
  project: WorkbenchContext,
  order: FileRefinement,
  control: GroupControl
): Promise<RefinementResult> {
  const group = await prepareRefinement(project, order, control.signal)
  const outcome = await runInProject(project, group, control)
  const [run] = outcome.kind === 'measuring' ? outcome.runs : []
  if (run === undefined) throw notTuned(group.label)
  return refinementOf(run)
}
