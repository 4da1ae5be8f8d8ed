/**
 * The conditions of a section: a way of prompting a target, with its sources and settings, on a set of tasks.
 * A condition gathers the cells of all its tasks and seeds.
 */
import type { ExperimentCell, PlannedSection } from '#main/experiments/execute/results.ts'
import { groupBy } from './group-by.ts'

export type Condition = Pick<
  ExperimentCell,
  'method' | 'kind' | 'sources' | 'target' | 'length' | 'anchors' | 'mask' | 'centre' | 'rescale'
> & { readonly taskSet: string }

export type ConditionCells = { readonly condition: Condition; readonly cells: readonly ExperimentCell[] }

function conditionOf(cell: ExperimentCell): Condition {
  const { method, kind, sources, target, length, anchors, mask, centre, rescale, task } = cell
  return { method, kind, sources, target, length, anchors, mask, centre, rescale, taskSet: task.set }
}

/** Cells by condition, in the order of the cells. */
export function gatherConditions(cells: readonly ExperimentCell[]): ConditionCells[] {
  const gathered = groupBy(
    cells.map((cell) => ({ condition: conditionOf(cell), cell })),
    ({ condition }) => JSON.stringify(condition)
  )
  return [...gathered.values()].flatMap((group) =>
    group.slice(0, 1).map(({ condition }) => ({ condition, cells: group.map(({ cell }) => cell) }))
  )
}

/** Whether a prompt was transferred, and to the model that it was tuned on alone. */
export function isSelfTransfer({ sources, target }: Pick<Condition, 'sources' | 'target'>): boolean {
  return sources.length > 0 && sources.every(({ model }) => model === target)
}

/** Whether a prompt was transferred to a model that none of it was tuned on. */
export function isAcrossModels({ sources, target }: Pick<Condition, 'sources' | 'target'>): boolean {
  return sources.length > 0 && sources.every(({ model }) => model !== target)
}

/** Whether a condition is the method itself, whichever way it searches. */
export function isRelative({ kind }: Pick<Condition, 'kind'>): boolean {
  return kind === 'exact' || kind === 'adam'
}

/** Sources as text: `a + b`, with their weights where these are not all equal. */
export function describeSources(sources: Condition['sources']): string {
  const equal = sources.every(({ weight }) => weight === sources[0]?.weight)
  return sources.map(({ model, weight }) => (equal ? model : `${weight} × ${model}`)).join(' + ')
}

/** Settings that a section can vary. */
export const settingNames = ['length', 'anchors', 'mask', 'centre', 'rescale'] as const
export type SettingName = (typeof settingNames)[number]

/** Settings of which a section has more than one value. */
export function variedSettings({
  section
}: {
  readonly section: Pick<PlannedSection, 'vary'>
}): SettingName[] {
  return settingNames.filter((name) => (section.vary[name]?.length ?? 0) > 1)
}

/** A setting's value as text. */
export function describeSetting(condition: Condition, name: SettingName): string {
  switch (name) {
    case 'length':
      return `m = ${condition.length}`
    case 'anchors':
      return `k = ${condition.anchors}`
    case 'mask':
      return describeMask(condition.mask)
    case 'centre':
      return condition.centre === 'mean' ? 'centred' : 'not centred'
    case 'rescale':
      return condition.rescale === 'none' ? 'no rescale' : `rescale ${condition.rescale}`
  }
}

function describeMask(mask: Condition['mask']): string {
  switch (mask?.kind) {
    case undefined:
      return 'no mask'
    case 'all':
      return 'mask: all'
    case 'top-k':
      return `mask: top ${mask.k} of ${mask.from === 'sum' ? 'the sum' : 'the last source'}`
    case 'common-top-k':
      return `mask: top ${mask.k} in common`
  }
}
