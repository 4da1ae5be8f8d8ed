/** Carries by the paper's search, with the prompts along it where a method follows them. */
import type { PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { type CarriedCell, type Carrying, promptContestant, sidesOf, totalWeight } from './carrying.ts'

type AdamSettings = Extract<PlannedCell['method'], { kind: 'adam' }>

export async function carryByAdam(
  carrying: Carrying,
  cell: PlannedCell,
  { steps, learningRate, selection, snapshotEvery }: AdamSettings
): Promise<CarriedCell> {
  const { engine, signal, onProgress } = carrying.context
  const solver = {
    kind: 'adam',
    steps,
    learningRate,
    seed: cell.seed ?? 0,
    // Which of the snapshots it is by validation, their answers on the dev split decide.
    selection: selection === 'validation' ? 'last' : selection,
    ...(snapshotEvery === null ? {} : { snapshotEvery })
  } as const
  const sides = sidesOf(carrying, cell, cell.sources)
  const result = await engine.call(
    'transfer.run',
    { ...sides, solver, rescale: cell.rescale ?? 'after' },
    { signal, onProgress }
  )
  const { prompt, report, search, seconds } = result
  const matching = report.meanMatching / totalWeight(cell)
  const chosenStep = search?.chosenStep ?? null
  // The loss is 1 − mean(matching)/Σw, noted before each step: that after the last is known of a result alone.
  const matchingAt = (step: number): number | null => {
    const loss = search?.loss[step]
    if (loss !== undefined) return 1 - loss
    return step === chosenStep ? matching : null
  }
  return {
    cell,
    contestant: promptContestant(cell, prompt),
    matching,
    report,
    loss: search?.loss ?? null,
    selection,
    checked: {},
    chosenStep,
    snapshots: (search?.snapshots ?? []).map((one) => ({ ...one, matching: matchingAt(one.step) })),
    notes: report.notes,
    seconds
  }
}
