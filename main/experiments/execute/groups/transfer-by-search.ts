/** Transfers by one search of its own, with its report, and with the prompts along it where a method follows them. */
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import { retrievalNotes } from '#engine/common/contract/retrieval.ts'
import type { PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { conditionRetrieval } from '../condition-retrieval.ts'
import { type FoundCell, promptCondition, sidesOf, type Transferring, totalWeight } from './group-transfer.ts'

type SearchMethod = Extract<PlannedCell['method'], { kind: 'exact' | 'adam' }>

function searchOf(method: SearchMethod, seed: number): EngineArguments<'transfer.run'>['search'] {
  if (method.kind === 'exact') return method
  const { selection, snapshotEvery, ...adam } = method
  return {
    ...adam,
    seed,
    // Which of the snapshots it is by validation, their answers on the dev split decide.
    selection: selection === 'validation' ? 'last' : selection,
    ...(snapshotEvery === null ? {} : { snapshotEvery })
  }
}

export async function transferBySearch(
  transferring: Transferring,
  cell: PlannedCell,
  method: SearchMethod
): Promise<FoundCell> {
  const { engine, signal, onProgress } = transferring.context
  const sides = sidesOf(transferring, cell, cell.sources)
  const search = searchOf(method, cell.seed ?? 0)
  const request = { ...sides, search, rescale: cell.rescale ?? 'after' } as const
  const result = await engine.call('transfer.run', request, { signal, onProgress })
  const checked = await conditionRetrieval(engine, { ...request, method: { by: 'transfer', search } }, signal)
  const { prompt, report, lossCurve, seconds, device } = result
  const matching = report.meanMatching / totalWeight(cell)
  const chosenStep = lossCurve?.chosenStep ?? null
  // The loss is 1 − mean(matching)/Σw, noted before each step: that after the last is known of a result alone.
  const matchingAt = (step: number): number | null => {
    const loss = lossCurve?.loss[step]
    if (loss !== undefined) return 1 - loss
    return step === chosenStep ? matching : null
  }
  return {
    cell,
    condition: promptCondition(cell, prompt),
    matching,
    report,
    loss: lossCurve?.loss ?? null,
    selection: method.kind === 'exact' ? 'exact' : method.selection,
    manifest: checked,
    chosenStep,
    curve: [],
    snapshots: (lossCurve?.snapshots ?? []).map((one) => ({ ...one, matching: matchingAt(one.step) })),
    notes: [...report.notes, ...retrievalNotes({ ...checked, centre: cell.centre })],
    device,
    seconds
  }
}
