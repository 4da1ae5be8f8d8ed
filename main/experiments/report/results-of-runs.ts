/**
 * Runs of any origin as the results of an experiment: what was transferred in Mix, by a grid, by a command or by an
 * experiment file is told apart by what its manifests say.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { promptTemplate } from '#engine/common/contract/evaluation.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import { createRunReducer } from '#main/experiments/execute/evaluated-runs.ts'
import type {
  EvaluatedRun,
  ExperimentCell,
  ExperimentResults,
  PlannedSection
} from '#main/experiments/execute/results.ts'
import type { ProjectReader } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import type { RunOverview } from '#store/records/runs.ts'
import { type SettingName, settingNames } from './conditions.ts'
import { groupBy } from './group-by.ts'

/** A run that was evaluated. */
type Evaluated = Pick<RunOverview, 'id'> & {
  readonly manifest: RunManifest & {
    readonly task: NonNullable<RunManifest['task']>
    readonly evaluation: NonNullable<RunManifest['evaluation']>
  }
}

function isEvaluated(run: RunOverview): run is RunOverview & Evaluated {
  return run.scores !== null && run.manifest.task !== null && run.manifest.evaluation !== null
}

/** What several things of one name are called: each by its hash too. */
function nameApart(things: readonly { readonly name: string; readonly hash: string }[]) {
  const hashes = new Map(
    [...groupBy(things, ({ name }) => name)].map(([name, group]) => [
      name,
      new Set(group.map(({ hash }) => hash))
    ])
  )
  return ({ name, hash }: { readonly name: string; readonly hash: string }): string =>
    (hashes.get(name)?.size ?? 1) > 1 ? `${name} (${hash.slice(0, 6)})` : name
}

const modelOf = ({ name, fingerprint }: RunManifest['target']) => ({ name, hash: fingerprint.table })
const taskOf = ({ name, sha256 }: Evaluated['manifest']['task']) => ({ name, hash: sha256 })

/** The template that vectors stand in where it is not the usual one; a manual template is its task's. */
function ownTemplate({ method, length, template }: RunManifest): string | null {
  const isUsual = method.kind === 'manual' || length === null || template === promptTemplate(length)
  return isUsual ? null : template
}

/**
 * The method with those of its settings that are not the same in all runs of its kind, and with the template where runs
 * differ in that.
 */
function methodNames(runs: readonly Evaluated[]): (manifest: Evaluated['manifest']) => string {
  const templates = new Set(runs.map(({ manifest }) => ownTemplate(manifest)))
  const varying = new Map(
    [...groupBy(runs, ({ manifest }) => manifest.method.kind)].map(([kind, group]) => {
      const settings = group.map(({ manifest }) => new Map(Object.entries(manifest.method)))
      const names = [...new Set(settings.flatMap((one) => [...one.keys()]))]
      return [
        kind,
        names.filter((name) => new Set(settings.map((one) => JSON.stringify(one.get(name)))).size > 1)
      ]
    })
  )
  return (manifest) => {
    const { method, prompt, task } = manifest
    const settings = new Map(Object.entries(method))
    const parts = (varying.get(method.kind) ?? []).map((name) => `${name} ${settings.get(name) ?? 'none'}`)
    const template = ownTemplate(manifest)
    if (templates.size > 1 && template !== null) parts.push(`template ${template}`)
    const own = method.kind === 'prompt' && prompt !== null ? prompt.name.replaceAll(task.name, '…') : '…'
    return [own === '…' ? method.kind : `${method.kind} ${own}`, ...parts].join(', ')
  }
}

/** The tasks that are averaged together: all relations, or one classification; apart by how they were evaluated. */
function taskSetOf({ task, evaluation }: Evaluated['manifest'], isRelation: boolean): string {
  const { split, rankWithin, limit } = evaluation
  return [
    isRelation ? 'relations' : task.name,
    ...(split === 'test' ? [] : [split]),
    ...(rankWithin === 'candidates' ? [] : ['over the vocabulary']),
    ...(limit === null ? [] : [`first ${limit}`])
  ].join(', ')
}

/** Cells by everything but their settings and seeds. */
function places(cells: readonly ExperimentCell[]): ExperimentCell[][] {
  const keyOf = ({ method, sources, target, task }: ExperimentCell) =>
    JSON.stringify([method, sources, target, task])
  return [...groupBy(cells, keyOf).values()]
}

function distinct<N extends SettingName>(cells: readonly ExperimentCell[], name: N) {
  const values = cells.map((cell) => cell[name]).filter((value) => value !== null)
  return [...groupBy(values, (value) => JSON.stringify(value)).values()]
}

/** The value of a setting that most cells have. */
function usual(cells: readonly ExperimentCell[], name: SettingName): string | undefined {
  const [most] = distinct(cells, name).sort((a, b) => b.length - a.length)
  return most === undefined ? undefined : JSON.stringify(most[0])
}

/**
 * One section of the values that most runs have; where methods, sources and targets have several values of a setting,
 * one more of these.
 */
function sectionsOf(cells: readonly ExperimentCell[]): PlannedSection[] {
  const varied = settingNames.filter((name) => places(cells).some((one) => distinct(one, name).length > 1))
  const one = { name: 'runs', title: 'Runs', shows: null, vary: {} }
  if (varied.length === 0) return [{ ...one, cells }]
  const values = new Map(varied.map((name) => [name, usual(cells, name)]))
  const several = places(cells).filter((place) => varied.some((name) => distinct(place, name).length > 1))
  const valuesOf = <N extends SettingName>(name: N): NonNullable<ExperimentCell[N]>[] =>
    distinct(several.flat(), name).flatMap((group) => group[0] ?? [])
  return [
    {
      ...one,
      cells: cells.filter((cell) =>
        varied.every((name) => cell[name] === null || JSON.stringify(cell[name]) === values.get(name))
      )
    },
    {
      name: 'settings',
      title: 'Settings',
      shows: null,
      vary: Object.fromEntries(varied.map((name) => [name, valuesOf(name)])),
      cells: cells.filter((cell) => several.some((place) => place.includes(cell)))
    }
  ]
}

/** Cells that differ in their prompts alone are repetitions: they count as seeds, as those of a method that draws numbers. */
function numberRepetitions(cells: readonly ExperimentCell[]): ExperimentCell[] {
  const alike = groupBy(cells, ({ id: _, seed: __, ...condition }) => JSON.stringify(condition))
  return [...alike.values()].flatMap((group) => {
    const seeds = new Set(group.map(({ seed }) => seed))
    return seeds.size === group.length ? group : group.map((cell, index) => ({ ...cell, seed: index + 1 }))
  })
}

function cellsOf(runs: readonly Evaluated[], relations: ReadonlySet<string>): ExperimentCell[] {
  const manifests = runs.map(({ manifest }) => manifest)
  const modelName = nameApart(
    manifests.flatMap(({ target, sources }) => [target, ...sources.map(({ model }) => model)].map(modelOf))
  )
  const taskName = nameApart(manifests.map(({ task }) => taskOf(task)))
  const methodName = methodNames(runs)
  const cells = runs.map(({ id, manifest }): ExperimentCell => {
    const { method, sources, target, task, seed, length, anchors, mask, centre, rescale } = manifest
    const heaviest = Math.max(...sources.map(({ weight }) => weight))
    return {
      id,
      method: methodName(manifest),
      kind: method.kind,
      sources: sources.map(({ model, weight }) => ({
        model: modelName(modelOf(model)),
        weight: weight / heaviest
      })),
      target: modelName(modelOf(target)),
      task: { set: taskSetOf(manifest, relations.has(task.sha256)), name: taskName(taskOf(task)) },
      seed,
      length,
      anchors: anchors?.count ?? null,
      mask,
      centre,
      rescale
    }
  })
  const size = (cell: ExperimentCell, name: SettingName): number => {
    const value = cell[name]
    if (typeof value === 'number') return value
    return name === 'mask' && cell.mask !== null && cell.mask.kind !== 'all' ? cell.mask.k : 0
  }
  return numberRepetitions(cells).sort(
    (a, b) =>
      a.sources.length - b.sources.length ||
      settingNames.reduce((order, name) => order || size(a, name) - size(b, name), 0)
  )
}

/** Chooses runs: those with a tag, those of these ids, or all. */
export type RunChoice = { readonly tag?: string | undefined; readonly ids?: readonly string[] }

/**
 * The runs of a project that were evaluated, as a report is made from.
 * @throws `not-found` where there are none
 */
export async function readRunResults(
  { runs, tasks }: ProjectReader,
  name: string,
  { tag, ids }: RunChoice
): Promise<ExperimentResults> {
  const wanted = ids === undefined ? null : new Set(ids)
  const all = (await runs.overview())
    .reverse()
    .filter(({ id, tags }) => (tag === undefined || tags.includes(tag)) && (wanted?.has(id) ?? true))
  const evaluated = all.filter(isEvaluated)
  if (evaluated.length === 0) {
    throw new AnchorageError('not-found', 'There is nothing to report.', {
      where: tag === undefined ? name : `runs with the tag ${tag}`,
      found: all.length === 0 ? 'no runs' : `${all.length} runs, none of which was evaluated`,
      expected: 'runs with scores',
      next: 'Evaluate prompts with `anchorage evaluate --project`, or in the window.'
    })
  }
  const registered = new Map((await tasks.list()).map(({ summary }) => [summary.sha256, summary.kind]))
  const relations = new Set(
    evaluated.flatMap(({ manifest: { task, relation } }) =>
      (registered.get(task.sha256) ?? (relation === null ? null : 'relation')) === 'relation'
        ? [task.sha256]
        : []
    )
  )
  const cells = cellsOf(evaluated, relations)
  const reduce = createRunReducer()
  const results = new Map<string, EvaluatedRun>()
  for (const { id } of evaluated) {
    const predictions = await runs.predictions(id)
    if (predictions) results.set(id, reduce(requireFound(await runs.get(id), 'run', id), predictions))
  }
  const sets = evaluated.map(({ manifest }) => {
    const isRelation = relations.has(manifest.task.sha256)
    const kind = isRelation ? ('relations' as const) : ('classification' as const)
    return [taskSetOf(manifest, isRelation), { kind, limit: manifest.evaluation.limit }] as const
  })
  return {
    experiment: { name, metrics: ['accuracy'], tasks: Object.fromEntries(sets) },
    file: null,
    sharedAnchors: null,
    sections: sectionsOf(cells),
    results,
    versions: evaluated.at(-1)?.manifest.versions ?? {}
  }
}
