/**
 * Expands the sections of an experiment into cells: every method on every target and task with every set of sources and
 * every value of what is varied. Nothing is opened here; ids come later, from what the inputs hold.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type MethodSettings, type WhatCounts, whatCounts } from '#engine/common/contract/methods.ts'
import type { Centre, MaskSettings, Rescale } from '#engine/common/contract/transfer.ts'
import type { ExperimentFile, ExperimentSettings, Section } from '#main/experiments/spec/experiment-file.ts'
import { countSubsets, subsetsOf } from './subsets.ts'

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
  readonly centre: Centre
  readonly rescale: Rescale | null
}

/** What must be known of the inputs to expand an experiment. */
export type Surroundings = {
  /** Names of the tasks of every task set. */
  readonly tasks: Readonly<Record<string, readonly string[]>>
  /** How many words all models share. */
  readonly sharedAnchors: number
  /** `e` of every model. */
  readonly widths: Readonly<Record<string, number>>
}

/** The sets of sources of a section. */
function sourceSets(experiment: ExperimentFile, { sources }: Section): WeightedSource[][] {
  const equal = (models: readonly string[]): WeightedSource[] => models.map((model) => ({ model, weight: 1 }))
  if (sources === 'each') return experiment.sources.map((model) => equal([model]))
  if (sources === 'pairs') return subsetsOf(experiment.sources, 2, 2).map(equal)
  if (sources === 'subsets') return subsetsOf(experiment.sources, 1, experiment.sources.length).map(equal)
  return sources.map((set) => {
    if (typeof set === 'string') return equal([set])
    if (Array.isArray(set)) return equal(set)
    return Object.entries(set).map(([model, weight]) => ({ model, weight }))
  })
}

/** Every combination of the values that are varied, over the settings that are not. */
function settingsGrid(experiment: ExperimentFile, { settings, vary }: Section): ExperimentSettings[] {
  const { length, anchors, mask, centre, rescale } = { ...experiment.settings, ...settings }
  const grid: ExperimentSettings[] = []
  for (const l of vary.length ?? [length])
    for (const a of vary.anchors ?? [anchors])
      for (const m of vary.mask ?? [mask])
        for (const c of vary.centre ?? [centre])
          for (const r of vary.rescale ?? [rescale])
            grid.push({ length: l, anchors: a, mask: m, centre: c, rescale: r })
  return grid
}

/** Whether a method can transfer from these sources to this target. */
function canTransfer(
  settings: MethodSettings,
  sources: readonly WeightedSource[],
  target: string,
  { includeSelfTransfer }: Section,
  { widths }: Surroundings
): boolean {
  const { sources: takes } = whatCounts(settings)
  if (!includeSelfTransfer && sources.some(({ model }) => model === target)) return false
  switch (takes) {
    case 'none':
    case 'any':
      return true
    case 'as-wide':
      return sources.every(({ model }) => widths[model] === widths[target])
  }
}

/** The tasks of a section, of every task set that it names. */
function tasksOf(experiment: ExperimentFile, { tasks }: Section, known: Surroundings['tasks']) {
  return (tasks ?? Object.keys(experiment.tasks)).flatMap((set) =>
    (known[set] ?? []).map((name) => ({ set, name }))
  )
}

/** The settings that count for a method, one of each value of what is varied, with a seed each. */
function settingsOf(
  experiment: ExperimentFile,
  section: Section,
  counts: WhatCounts,
  sharedAnchors: number
): Pick<CellSpecification, 'seed' | 'length' | 'anchors' | 'mask' | 'centre' | 'rescale'>[] {
  const seeds = section.seeds ?? experiment.seeds
  return settingsGrid(experiment, section).flatMap(({ length, anchors, mask, centre, rescale }) => {
    const most = anchors === 'all' ? sharedAnchors : Math.min(anchors, sharedAnchors)
    return seeds.map((seed) => ({
      seed: counts.length ? seed : null,
      length: counts.length ? length : null,
      anchors: counts.anchors ? most : null,
      mask: counts.mask ? mask : null,
      centre: counts.anchors ? centre : 'none',
      rescale: counts.rescale ? rescale : null
    }))
  })
}

function cellsOfMethod(
  experiment: ExperimentFile,
  section: Section,
  surroundings: Surroundings,
  method: string,
  settings: MethodSettings
): CellSpecification[] {
  const counts = whatCounts(settings)
  const sets = counts.sources === 'none' ? [[]] : sourceSets(experiment, section)
  const tasks = tasksOf(experiment, section, surroundings.tasks)
  const values = settingsOf(experiment, section, counts, surroundings.sharedAnchors)
  return (section.targets ?? experiment.targets).flatMap((target) =>
    sets
      .filter((sources) => canTransfer(settings, sources, target, section, surroundings))
      .flatMap((sources) =>
        tasks.flatMap((task) => values.map((value) => ({ method, sources, target, task, ...value })))
      )
  )
}

/** Cells of one experiment: the paper's own has some thousands, and every combination counts before repeats fall together. */
const mostCells = 200_000

function countSets({ sources: named }: ExperimentFile, { sources }: Section): number {
  if (sources === 'each') return named.length
  if (sources === 'pairs') return countSubsets(named.length, 2, 2)
  if (sources === 'subsets') return countSubsets(named.length, 1, named.length)
  return sources.length
}

/** How many combinations a section has at most, without making them. */
function countCombinations(experiment: ExperimentFile, section: Section, { tasks }: Surroundings): number {
  const { length, anchors, mask, centre, rescale } = section.vary
  const values = [length, anchors, mask, centre, rescale, section.seeds ?? experiment.seeds]
  const others = [
    section.targets ?? experiment.targets,
    tasksOf(experiment, section, tasks),
    ...values.filter((list) => list !== undefined)
  ].reduce((product, { length }) => product * length, 1)
  return section.methods.reduce((sum, name) => {
    const settings = experiment.methods[name]
    if (settings === undefined) return sum
    const sets = whatCounts(settings).sources === 'none' ? 1 : countSets(experiment, section)
    return sum + others * sets
  }, 0)
}

/**
 * Refuses an experiment that no computer comes to the end of, before its cells are made.
 * @throws `bad-argument`
 */
export function requireModest(experiment: ExperimentFile, surroundings: Surroundings): void {
  const { sections } = experiment
  const counts = sections.map((section) => countCombinations(experiment, section, surroundings))
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all <= mostCells) return
  throw new AnchorageError('bad-argument', 'The experiment is too large.', {
    where: sections
      .map(({ name }, index) => `${name}: ${counts[index]}`)
      .join(', ')
      .slice(0, 500),
    found: `${all} combinations of methods, sources, targets, tasks, seeds and values`,
    expected: `at most ${mostCells}`,
    next: 'Name fewer in its sections, or make several experiments of it.'
  })
}

/** The cells of a section, each once, method by method. */
export function expandSection(
  experiment: ExperimentFile,
  section: Section,
  surroundings: Surroundings
): CellSpecification[] {
  const distinct = new Map<string, CellSpecification>()
  for (const method of section.methods) {
    const settings = experiment.methods[method]
    if (settings === undefined) continue
    for (const cell of cellsOfMethod(experiment, section, surroundings, method, settings)) {
      distinct.set(JSON.stringify(cell), cell)
    }
  }
  return [...distinct.values()]
}
