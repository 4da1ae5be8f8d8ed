/** What a schema cannot see: names in an experiment file that nothing bears, and settings that a method cannot take. */
import type { ExperimentFile, Section } from './experiment-file.ts'

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

/** Where a section names models: its targets and its sets of sources. */
function modelsNamed({ targets, sources }: Section, ...path: (string | number)[]): Named[] {
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

/** Rescaling inside the descent needs a descent, and loses the mean that centring puts back. */
function rescaledInside(
  { methods, settings: usual }: ExperimentFile,
  section: Section,
  index: number
): Misuse[] {
  const { settings, vary } = section
  const asked = [
    { path: ['settings', 'rescale'], inside: settings.rescale === 'inside' },
    { path: ['vary', 'rescale'], inside: vary.rescale?.includes('inside') === true }
  ]
  const inside = asked.filter((one) => one.inside)
  const isExact = (kind: string | undefined) => kind === 'exact' || kind === 'refine'
  const without = section.methods.filter((name) => isExact(methods[name]?.kind))
  const centres = vary.centre ?? [settings.centre ?? usual.centre]
  return [
    ...(without.length === 0 ? [] : inside).map(({ path }) => ({
      path: ['sections', index, ...path],
      found: `inside, with ${without.join(', ')}`,
      expected: 'after or none: the exact search has no steps to rescale inside of'
    })),
    ...(centres.includes('mean') ? inside : []).map(({ path }) => ({
      path: ['sections', index, ...path],
      found: 'inside, with centre: mean',
      expected: 'after or none: centred vectors are not rescaled inside of the search'
    }))
  ]
}

function repeatedNames(sections: readonly Section[]): Misuse[] {
  return sections.flatMap(({ name }, index) =>
    sections.findIndex((other) => other.name === name) === index
      ? []
      : [
          {
            path: ['sections', index, 'name'],
            found: name,
            expected: 'a name that no other section has'
          }
        ]
  )
}

/** Every such mistake, in the order of the file's parts. */
export function findMisuses(experiment: ExperimentFile): Misuse[] {
  const { models, tasks, methods, prompts, anchors, sections } = experiment
  const rankedBy =
    anchors.rankedBy === null ? [] : [{ path: ['anchors', 'rankedBy'], name: anchors.rankedBy }]
  return [
    ...unknown('a model', models, [
      ...listed(experiment.sources, 'sources'),
      ...listed(experiment.targets, 'targets'),
      ...prompts.tuned.map(({ model }, index) => ({
        path: ['prompts', 'tuned', index, 'model'],
        name: model
      })),
      ...rankedBy
    ]),
    ...sections.flatMap((section, index) => [
      ...unknown('a method', methods, listed(section.methods, 'sections', index, 'methods')),
      ...unknown('a task', tasks, listed(section.tasks, 'sections', index, 'tasks')),
      ...unknown('a model', models, modelsNamed(section, 'sections', index)),
      ...rescaledInside(experiment, section, index)
    ]),
    ...repeatedNames(sections)
  ]
}
