/** What a schema cannot see: names in a study file that nothing bears, and settings that a method cannot take. */
import type { Experiment, StudyFile } from './study-file.ts'

/** A mistake at a place of the document. */
export type Misuse = {
  readonly path: readonly (string | number)[]
  readonly found: string
  readonly expected: string
}

type Named = { readonly path: readonly (string | number)[]; readonly name: string }

function listed(names: readonly string[] | undefined, ...path: (string | number)[]): Named[] {
  return (names ?? []).map((name, index) => ({ path: [...path, index], name }))
}

/** Where an experiment names models: its targets and its sets of sources. */
function modelsNamed({ targets, sources }: Experiment, ...path: (string | number)[]): Named[] {
  const inSets =
    typeof sources === 'string'
      ? []
      : sources.flatMap((set, index): Named[] => {
          const at = [...path, 'sources', index]
          if (typeof set === 'string') return [{ path: at, name: set }]
          if (Array.isArray(set)) return listed(set, ...at)
          return Object.keys(set).map((name) => ({ path: [...at, name], name }))
        })
  return [...listed(targets, ...path, 'targets'), ...inSets]
}

function unknown(what: string, known: object, named: readonly Named[]): Misuse[] {
  const names = Object.keys(known)
  return named
    .filter(({ name }) => !names.includes(name))
    .map(({ path, name }) => ({
      path,
      found: name,
      expected: `the name of ${what} of this file: ${names.join(', ')}`
    }))
}

/** Rescaling inside the descent needs a descent. */
function rescaledInside({ methods }: StudyFile, experiment: Experiment, index: number): Misuse[] {
  const { settings, vary } = experiment
  const asked = [
    { path: ['settings', 'rescale'], inside: settings.rescale === 'inside' },
    { path: ['vary', 'rescale'], inside: vary.rescale?.includes('inside') === true }
  ]
  const without = experiment.methods.filter((name) => methods[name]?.kind === 'exact')
  if (without.length === 0) return []
  return asked
    .filter(({ inside }) => inside)
    .map(({ path }) => ({
      path: ['experiments', index, ...path],
      found: `inside, with ${without.join(', ')}`,
      expected: 'after or none: the exact search has no steps to rescale inside of'
    }))
}

function repeatedNames(experiments: readonly Experiment[]): Misuse[] {
  return experiments.flatMap(({ name }, index) =>
    experiments.findIndex((other) => other.name === name) === index
      ? []
      : [
          {
            path: ['experiments', index, 'name'],
            found: name,
            expected: 'a name that no other experiment has'
          }
        ]
  )
}

/** Every such mistake, in the order of the file's parts. */
export function findMisuses(study: StudyFile): Misuse[] {
  const { models, tasks, methods, prompts, anchors, experiments } = study
  const rankedBy =
    anchors.rankedBy === null ? [] : [{ path: ['anchors', 'rankedBy'], name: anchors.rankedBy }]
  return [
    ...unknown('a model', models, [
      ...listed(study.sources, 'sources'),
      ...listed(study.targets, 'targets'),
      ...prompts.tuned.map(({ model }, index) => ({
        path: ['prompts', 'tuned', index, 'model'],
        name: model
      })),
      ...rankedBy
    ]),
    ...experiments.flatMap((experiment, index) => [
      ...unknown('a method', methods, listed(experiment.methods, 'experiments', index, 'methods')),
      ...unknown('a task', tasks, listed(experiment.tasks, 'experiments', index, 'tasks')),
      ...unknown('a model', models, modelsNamed(experiment, 'experiments', index)),
      ...rescaledInside(study, experiment, index)
    ]),
    ...repeatedNames(experiments)
  ]
}
