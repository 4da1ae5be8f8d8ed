/** The kinds of work that a project's queue knows, each computed by its own room. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { runEvaluationCell } from '#main/experiments/evaluations/run-evaluation-cell.ts'
import { experimentCells } from '#main/experiments/execute/run-experiment-cell.ts'
import { runTransferCell } from '#main/experiments/transfers/run-transfer-cell.ts'
import { runTuningCell } from '#main/experiments/tunings/run-tuning-cell.ts'
import type { CellContext } from '#main/project/context.ts'
import type { RunCell } from './queue.ts'

/** How the cells of a project are computed. */
export function projectCells(context: CellContext): RunCell {
  const runExperimentCell = experimentCells(context)
  return async ({ settings, title }, { id, label, work }, control) => {
    const name = `${label} (${title})`
    if (settings.kind === 'transfer' && work.kind === 'transfer')
      return await runTransferCell(context, settings, work, { cellId: id, name }, control)
    if (settings.kind === 'evaluation' && work.kind === 'evaluation')
      return await runEvaluationCell(context, settings, work, id, control)
    if (settings.kind === 'tuning' && work.kind === 'tuning')
      return await runTuningCell(context, settings, work, { cellId: id, name }, control)
    if (settings.kind === 'experiment' && work.kind === 'experiment')
      return await runExperimentCell(settings, work, id, control)
    throw new AnchorageError('project-malformed', 'A part of a job is of another kind than the job.', {
      where: name,
      found: work.kind,
      expected: settings.kind,
      next: 'Cancel the job and ask for it again.'
    })
  }
}
