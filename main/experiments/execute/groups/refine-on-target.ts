/** Refines a prompt on the target by what the sources answer to inputs without labels, from a transferred or another start. */
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { RefineMethod } from '#engine/common/contract/methods.ts'
import type { RefinementResult } from '#engine/common/contract/refinement.ts'
import type { PlannedCell, PlannedTask } from '#main/experiments/plan/experiment-plan.ts'
import { type FoundCell, promptCondition, sidesOf, type Transferring, unsearched } from './group-transfer.ts'

type Start = EngineArguments<'tuning.refine'>['start']

async function findStart(
  transferring: Transferring,
  cell: PlannedCell,
  { start, ridge }: RefineMethod
): Promise<Start> {
  switch (start) {
    case 'manual':
      return { kind: 'manual' }
    case 'random':
      return { kind: 'random', vectors: cell.length ?? 0 }
    case 'transferred': {
      const { engine, signal } = transferring.context
      const rescale = cell.rescale === 'none' ? 'none' : 'after'
      const request = { ...sidesOf(transferring, cell, cell.sources), rescale } as const
      const { prompt } = await engine.call(
        'transfer.run',
        { ...request, search: { kind: 'exact', ridge } },
        { signal }
      )
      return { kind: 'prompt', vectors: prompt }
    }
  }
}

function requireTask({ task }: Transferring['group'], cell: string): PlannedTask {
  if (task !== null) return task
  throw new AnchorageError('bad-argument', 'Refinement needs a task, whose inputs the sources answer.', {
    where: cell,
    next: 'Choose a task; its labels are not looked at.'
  })
}

/** What a refinement came to, as a cell's outcome. */
function refinedCell(cell: PlannedCell, result: RefinementResult, { name, sha256 }: PlannedTask): FoundCell {
  const { prompt, template, teaching, loss, ended, selection, chosenStep, validations, notes } = result
  return {
    ...unsearched,
    cell,
    condition: { ...promptCondition(cell, prompt), template },
    matching: null,
    loss,
    selection: selection === 'validation' ? 'agreement' : selection,
    manifest: {
      refinement: { task: { name, sha256 }, teaching, steps: loss.length, ended },
      length: prompt.rows,
      template
    },
    chosenStep,
    curve: validations.map((point) => ({ ...point, matching: null })),
    notes,
    device: result.device,
    seconds: result.seconds
  }
}

/**
 * The refined prompt of a cell. Cancelled in the middle, nothing is kept.
 * @throws `bad-argument` without a task, what the engine says of the work, `cancelled`
 */
export async function refineOnTarget(
  transferring: Transferring,
  cell: PlannedCell,
  method: RefineMethod
): Promise<FoundCell> {
  const { group, context } = transferring
  const { engine, signal, onProgress } = context
  const task = requireTask(group, cell.id)
  const { kind, start, ridge, teacher, inputs, targets, leastConfidence, ...settings } = method
  const teachers = sidesOf(transferring, cell, cell.sources).sources.map(({ model, prompt, weight }) => ({
    model,
    weight,
    condition: teacher === 'manual' ? ({ kind: 'manual' } as const) : promptCondition(cell, prompt)
  }))
  const result = await engine.call(
    'tuning.refine',
    {
      teachers,
      model: group.target.reference,
      task: task.source,
      start: await findStart(transferring, cell, method),
      template: cell.template,
      ...{ inputs, targets, leastConfidence, settings },
      seed: cell.seed ?? 0,
      device: group.device
    },
    { signal, onProgress }
  )
  throwIfCancelled(signal)
  return refinedCell(cell, result, task)
}
