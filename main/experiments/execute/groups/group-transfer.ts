/** What finding the prompts of a group's cells has in common: its inputs by name, and the form of its outcome. */
import type { EvaluatedCondition } from '#engine/common/contract/evaluation.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import type { MeasuringGroup, PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { requireSource } from '#main/experiments/plan/planned-manifest.ts'
import { requireFound } from '#store/records/row.ts'
import type { ComputedRun } from '../results.ts'
import type { GroupContext } from './group-context.ts'

/** A prompt along a search. */
export type Snapshot = { readonly step: number; readonly matching: number | null; readonly prompt: Matrix }

/** What stands in the template for a cell, and how it was found. */
export type FoundCell = Pick<
  ComputedRun,
  'matching' | 'report' | 'loss' | 'chosenStep' | 'curve' | 'notes' | 'seconds'
> & {
  readonly selection: RunManifest['selection']
  readonly cell: PlannedCell
  /** What finding it adds to the planned manifest. */
  readonly manifest: Partial<Pick<RunManifest, 'retrieval' | 'refinement' | 'length' | 'template'>>
  readonly condition: EvaluatedCondition
  readonly snapshots: readonly Snapshot[]
  /** What it was computed on; null where that was not said, or nothing was computed. */
  readonly device: string | null
}

export type Prompts = ReadonlyMap<string, Matrix>

/** The cells to find prompts for, their prompts and models, and what they are computed with. */
export type Transferring = {
  readonly group: Pick<MeasuringGroup, 'cells' | 'sources' | 'target' | 'task' | 'device'>
  readonly prompts: Prompts
  readonly context: Pick<GroupContext, 'engine' | 'signal' | 'onProgress' | 'anchors'>
}

export const unsearched: Pick<
  FoundCell,
  'selection' | 'manifest' | 'report' | 'loss' | 'chosenStep' | 'curve' | 'snapshots' | 'notes' | 'device'
> = {
  selection: 'none',
  manifest: {},
  report: null,
  loss: null,
  chosenStep: null,
  curve: [],
  snapshots: [],
  notes: [],
  device: null
}

export function promptCondition({ id, template }: PlannedCell, vectors: Matrix): EvaluatedCondition {
  return { kind: 'prompt', name: id, vectors, template }
}

export function sidesOf(
  { group, prompts, context }: Transferring,
  cell: PlannedCell,
  sources: PlannedCell['sources']
) {
  return {
    sources: sources.map(({ model, prompt, weight }) => ({
      model: requireSource(group, model).reference,
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
