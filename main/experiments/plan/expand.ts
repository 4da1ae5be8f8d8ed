/**
 * Expands the experiments of a study into cells: every method on every target and task with every set of sources and
 * every value of what is varied. Nothing is opened here; ids come later, from what the inputs hold.
 */
import type { MaskSettings, Rescale } from '#engine/common/contract/transfer.ts'
import { type MethodSettings, type WhatCounts, whatCounts } from '#main/experiments/spec/method-settings.ts'
import type { Experiment, StudyFile, StudySettings } from '#main/experiments/spec/study-file.ts'
import { subsetsOf } from '#main/experiments/transfers/subsets.ts'

export type WeightedSource = { readonly model: string; readonly weight: number }

/** A cell without its id: names of the file, and null where the method has none of a setting. */
export type CellSpecification = {
  readonly method: string
  readonly sources: readonly WeightedSource[]
  readonly target: string
  readonly task: { readonly set: string; readonly name: string }
  readonly seed: number | null
  readonly length: number | null
  readonly anchors: number | null
  readonly mask: MaskSettings | null
  readonly rescale: Rescale | null
}

/** What must be known of the inputs to expand a study. */
export type Surroundings = {
  /** Names of the tasks of every task set. */
  readonly tasks: Readonly<Record<string, readonly string[]>>
  /** How many words all models share. */
  readonly sharedAnchors: number
  /** `e` of every model. */
  readonly widths: Readonly<Record<string, number>>
}

/** The sets of sources of an experiment. */
function sourceSets(study: StudyFile, { sources }: Experiment): WeightedSource[][] {
  const equal = (models: readonly string[]): WeightedSource[] => models.map((model) => ({ model, weight: 1 }))
  if (sources === 'each') return study.sources.map((model) => equal([model]))
  if (sources === 'pairs') return subsetsOf(study.sources, 2, 2).map(equal)
  if (sources === 'subsets') return subsetsOf(study.sources, 1, study.sources.length).map(equal)
  return sources.map((set) => {
    if (typeof set === 'string') return equal([set])
    if (Array.isArray(set)) return equal(set)
    return Object.entries(set).map(([model, weight]) => ({ model, weight }))
  })
}

/** Every combination of the values that are varied, over the settings that are not. */
function settingsGrid(study: StudyFile, { settings, vary }: Experiment): StudySettings[] {
  const { length, anchors, mask, rescale } = { ...study.settings, ...settings }
  const grid: StudySettings[] = []
  for (const l of vary.length ?? [length])
    for (const a of vary.anchors ?? [anchors])
      for (const m of vary.mask ?? [mask])
        for (const r of vary.rescale ?? [rescale]) grid.push({ length: l, anchors: a, mask: m, rescale: r })
  return grid
}

/** Whether a method can carry from these sources to this target. */
function canCarry(
  settings: MethodSettings,
  sources: readonly WeightedSource[],
  target: string,
  { carriedToItself }: Experiment,
  { widths }: Surroundings
): boolean {
  const { sources: takes } = whatCounts(settings)
  if (!carriedToItself && sources.some(({ model }) => model === target)) return false
  switch (takes) {
    case 'none':
    case 'any':
      return true
    case 'one':
      return sources.length === 1
    case 'one-as-wide':
      return sources.length === 1 && sources.every(({ model }) => widths[model] === widths[target])
  }
}

/** The tasks of an experiment, of every task set that it names. */
function tasksOf(study: StudyFile, { tasks }: Experiment, known: Surroundings['tasks']) {
  return (tasks ?? Object.keys(study.tasks)).flatMap((set) =>
    (known[set] ?? []).map((name) => ({ set, name }))
  )
}

/** The settings that count for a method, one of each value of what is varied, with a seed each. */
function settingsOf(
  study: StudyFile,
  experiment: Experiment,
  counts: WhatCounts,
  sharedAnchors: number
): Pick<CellSpecification, 'seed' | 'length' | 'anchors' | 'mask' | 'rescale'>[] {
  const seeds = experiment.seeds ?? study.seeds
  return settingsGrid(study, experiment).flatMap(({ length, anchors, mask, rescale }) => {
    const most = anchors === 'all' ? sharedAnchors : Math.min(anchors, sharedAnchors)
    return seeds.map((seed) => ({
      seed: counts.length ? seed : null,
      length: counts.length ? length : null,
      anchors: counts.anchors ? most : null,
      mask: counts.mask ? mask : null,
      rescale: counts.rescale ? rescale : null
    }))
  })
}

function cellsOfMethod(
  study: StudyFile,
  experiment: Experiment,
  surroundings: Surroundings,
  method: string,
  settings: MethodSettings
): CellSpecification[] {
  const counts = whatCounts(settings)
  const sets = counts.sources === 'none' ? [[]] : sourceSets(study, experiment)
  const tasks = tasksOf(study, experiment, surroundings.tasks)
  const values = settingsOf(study, experiment, counts, surroundings.sharedAnchors)
  return (experiment.targets ?? study.targets).flatMap((target) =>
    sets
      .filter((sources) => canCarry(settings, sources, target, experiment, surroundings))
      .flatMap((sources) =>
        tasks.flatMap((task) => values.map((value) => ({ method, sources, target, task, ...value })))
      )
  )
}

/** The cells of an experiment, each once, method by method. */
export function expandExperiment(
  study: StudyFile,
  experiment: Experiment,
  surroundings: Surroundings
): CellSpecification[] {
  const distinct = new Map<string, CellSpecification>()
  for (const method of experiment.methods) {
    const settings = study.methods[method]
    if (settings === undefined) continue
    for (const cell of cellsOfMethod(study, experiment, surroundings, method, settings)) {
      distinct.set(JSON.stringify(cell), cell)
    }
  }
  return [...distinct.values()]
}
