/** A study in a project: its plan under the hash of its content, and which of its groups and cells are done. */

import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type StudyGroup, type StudyPlan, studyPlanSchema } from '#main/experiments/plan/study-plan.ts'
import type { ProjectReader, ReadOnlyProjectStore } from '#store/project-store.ts'
import { hashContent, readRow, requireFound } from '#store/records/row.ts'
import type { StudySummary } from '#store/records/studies.ts'
import { createResultReducer } from './asked-results.ts'
import { type AskedResult, type PlannedExperiment, type StudyResults, studyResultSchema } from './results.ts'

/** The id of a plan; the same study on the same inputs has the same. */
export function planId({ study, groups, experiments }: StudyPlan): string {
  return hashContent({ study, groups: groups.map(({ id }) => id), experiments })
}

/** The plan of a stored study. @throws `not-found` */
export async function readPlan({ studies }: ProjectReader, id: string): Promise<StudyPlan> {
  return readRow(studyPlanSchema, requireFound(await studies.plan(id), 'study', id), 'the plan of a study')
}

/** The newest study of a name, or of all. @throws `not-found` */
export async function findStudy({ studies }: ProjectReader, name?: string): Promise<StudySummary> {
  const all = await studies.list()
  const found = all.find((study) => name === undefined || study.name === name)
  if (found !== undefined) return found
  throw new AnchorageError('not-found', 'The project holds no such study.', {
    where: name,
    found: all.length === 0 ? 'no studies' : all.map((study) => study.name).join(', '),
    next: '`anchorage study run FILE --project PROJECT` runs one in it.'
  })
}

/** What of a study the project has: ids of cells with a result, and of tuned prompts. */
export type Done = { readonly results: ReadonlySet<string>; readonly prompts: ReadonlySet<string> }

export async function readDone({ studies }: ProjectReader): Promise<Done> {
  return { results: await studies.resultIds(), prompts: await studies.promptIds() }
}

/** The group without what is done; null where nothing is left. */
export function whatIsLeft(group: StudyGroup, { results, prompts }: Done): StudyGroup | null {
  if (group.kind === 'tuning') return prompts.has(group.id) ? null : group
  const cells = group.cells.filter(({ id }) => !results.has(id))
  if (cells.length === 0) return null
  const needed = new Set(
    cells.flatMap(({ prompt, sources }) => [prompt ?? '', ...sources.map((source) => source.prompt)])
  )
  return { ...group, cells, prompts: group.prompts.filter(({ id }) => needed.has(id)) }
}

/** The groups of a plan with what is left of them, tunings that nothing left needs among them no more. */
export function groupsLeft({ groups }: StudyPlan, done: Done): StudyGroup[] {
  const left = groups.flatMap((group) => whatIsLeft(group, done) ?? [])
  const needed = new Set(
    left.flatMap((group) => (group.kind === 'measuring' ? group.prompts.map(({ id }) => id) : []))
  )
  return left.filter(({ kind, id }) => kind === 'measuring' || needed.has(id))
}

/** The experiments of a plan with their cells, in the order of the study file. */
export function planExperiments({ study, experiments }: StudyPlan): PlannedExperiment[] {
  return study.experiments.map((experiment) => ({
    ...experiment,
    cells: experiments.find(({ name }) => name === experiment.name)?.cells ?? []
  }))
}

/** The study with the results that the project has so far. */
export async function readResults(
  { read }: Pick<ReadOnlyProjectStore, 'read'>,
  plan: StudyPlan
): Promise<StudyResults> {
  const done = await read.studies.resultIds()
  const ids = new Set(plan.experiments.flatMap(({ cells }) => cells.map(({ id }) => id)))
  const results = new Map<string, AskedResult>()
  const reduce = createResultReducer()
  for (const id of ids) {
    if (!done.has(id)) continue
    results.set(id, reduce(readRow(studyResultSchema, await read.studies.result(id), 'a result of a study')))
  }
  const [first] = results.values()
  return {
    study: plan.study,
    sharedAnchors: plan.anchors.anchors.length,
    experiments: planExperiments(plan),
    results,
    versions: first?.manifest.versions ?? {}
  }
}
