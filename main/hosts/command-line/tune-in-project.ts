/** Tunes a prompt in a project, where it is a run, and tells of it as the engine does. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { TuningResult } from '#engine/common/contract/tuning.ts'
import type { ComputedRun } from '#main/experiments/execute/results.ts'
import { runInProject } from '#main/experiments/execute/run-in-project.ts'
import type { GroupControl } from '#main/experiments/execute/run-work-group.ts'
import { type FileTuning, prepareTuning } from '#main/experiments/plan/order-references.ts'
import type { WorkbenchContext } from '#main/project/context.ts'

function resultOf({
  name,
  manifest,
  vectors,
  loss,
  chosenStep,
  curve,
  notes,
  seconds
}: ComputedRun): TuningResult {
  const { tuning, device, selection } = manifest
  const isTuned = selection === 'validation' || selection === 'last'
  if (
    vectors === null ||
    loss === null ||
    chosenStep === null ||
    !isTuned ||
    !tuning?.ended ||
    !tuning.examples
  )
    throw new AnchorageError('internal', `${name} was not tuned.`)
  const { template, ended, examples } = tuning
  const validations = curve.map(({ step, accuracy, meanReciprocalRank }) => ({
    step,
    accuracy,
    meanReciprocalRank
  }))
  return {
    prompt: vectors,
    template,
    chosenStep,
    selection,
    ended,
    loss,
    validations,
    examples,
    notes,
    device: device.used,
    seconds
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
  if (outcome.kind === 'tuning') return resultOf(outcome.run)
  throw new AnchorageError('internal', `${group.label} was not tuned.`)
}
