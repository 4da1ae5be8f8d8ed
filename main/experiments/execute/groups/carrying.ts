/** What carrying the cells of a group has in common: its inputs by name, and the form of its outcome. */
import type { Contestant } from '#engine/common/contract/evaluation.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import type { MeasuringGroup, PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { requireFound } from '#store/records/row.ts'
import type { ComputedRun } from '../results.ts'
import type { GroupContext } from './group-context.ts'

/** A prompt along a search. */
export type Snapshot = { readonly step: number; readonly matching: number | null; readonly prompt: Matrix }

/** What stands in the template for a cell, and how it was found. */
export type CarriedCell = Pick<
  ComputedRun,
  'matching' | 'report' | 'loss' | 'chosenStep' | 'notes' | 'seconds'
> & {
  readonly selection: RunManifest['selection']
  readonly cell: PlannedCell
  /** For the manifest. */
  readonly checked: Pick<RunManifest, 'retrieval'>
  readonly contestant: Contestant
  readonly snapshots: readonly Snapshot[]
}

export type Prompts = ReadonlyMap<string, Matrix>

export type Carrying = {
  readonly group: MeasuringGroup
  readonly prompts: Prompts
  readonly context: GroupContext
}

export const unsearched: Pick<
  CarriedCell,
  'selection' | 'checked' | 'report' | 'loss' | 'chosenStep' | 'snapshots' | 'notes'
> = {
  selection: 'none',
  checked: {},
  report: null,
  loss: null,
  chosenStep: null,
  snapshots: [],
  notes: []
}

export function promptContestant({ id }: PlannedCell, vectors: Matrix): Contestant {
  return { kind: 'prompt', name: id, vectors, template: null }
}

export function sidesOf(
  { group, prompts, context }: Carrying,
  cell: PlannedCell,
  sources: PlannedCell['sources']
) {
  return {
    sources: sources.map(({ model, prompt, weight }) => ({
      model: requireFound(
        group.sources.find(({ name }) => name === model),
        'source',
        model
      ).reference,
      prompt: requireFound(prompts.get(prompt), 'prompt', prompt),
      weight
    })),
    target: group.target.reference,
    anchors: context.anchors.slice(0, cell.anchors ?? 0),
    mask: cell.mask ?? { kind: 'all' as const },
    centre: cell.centre,
    device: group.device
  }
}

export function totalWeight({ sources }: PlannedCell): number {
  return sources.reduce((sum, { weight }) => sum + weight, 0)
}
