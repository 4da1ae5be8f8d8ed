/** An experiment in a project: its plan under the hash of its content, and which of its groups and cells are done. */

import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  type ExperimentPlan,
  experimentPlanSchema,
  type WorkGroup,
  withCells
} from '#main/experiments/plan/experiment-plan.ts'
import type { ProjectReader, ReadOnlyProjectStore } from '#store/project-store.ts'
import type { ExperimentSummary } from '#store/records/experiments.ts'
import { hashContent, readRow, requireFound } from '#store/records/row.ts'
import { createRunReducer } from './evaluated-runs.ts'
import type { EvaluatedRun, ExperimentResults, PlannedSection } from './results.ts'

/** The id of a plan; the same experiment on the same inputs has the same. */
export function planId({ experiment, groups, sections }: ExperimentPlan): string {
  return hashContent({ experiment, groups: groups.map(({ id }) => id), sections })
}

/** The plan of a stored experiment. @throws `not-found` */
export async function readPlan({ experiments }: ProjectReader, id: string): Promise<ExperimentPlan> {
  return readRow(
    experimentPlanSchema,
    requireFound(await experiments.plan(id), 'experiment', id),
    'the plan of an experiment'
  )
}

/** The newest experiment of a name, or of all. @throws `not-found` */
export async function findExperiment(
  { experiments }: ProjectReader,
  name?: string
): Promise<ExperimentSummary> {
  const all = await experiments.list()
  const found = all.find((experiment) => name === undefined || experiment.name === name)
  if (found !== undefined) return found
  throw new AnchorageError('not-found', 'The project holds no such experiment.', {
    where: name,
    found: all.length === 0 ? 'no experiments' : all.map((experiment) => experiment.name).join(', '),
    next: '`anchorage experiment run FILE --project PROJECT` runs one in it.'
  })
}

/** What of an experiment the project has: ids of cells with a result, and of tuned prompts. */
export type Done = { readonly results: ReadonlySet<string>; readonly prompts: ReadonlySet<string> }

export async function readDone({ runs, prompts }: ProjectReader): Promise<Done> {
  return { results: await runs.inputHashes(), prompts: await prompts.recipes() }
}

/** The group without what is done; null where nothing is left. */
export function whatIsLeft(group: WorkGroup, { results, prompts }: Done): WorkGroup | null {
  if (group.kind === 'tuning') return prompts.has(group.id) ? null : group
  const cells = group.cells.filter(({ id }) => !results.has(id))
  return cells.length === 0 ? null : withCells(group, cells)
}

/** The groups of a plan with what is left of them, tunings that nothing left needs among them no more. */
export function groupsLeft({ groups }: ExperimentPlan, done: Done): WorkGroup[] {
  const left = groups.flatMap((group) => whatIsLeft(group, done) ?? [])
  const needed = new Set(
    left.flatMap((group) => (group.kind === 'measuring' ? group.prompts.map(({ id }) => id) : []))
  )
  return left.filter(({ kind, id }) => kind === 'measuring' || needed.has(id))
}

/** The sections of a plan with their cells, in the order of the experiment file. */
export function planSections({ experiment, sections }: ExperimentPlan): PlannedSection[] {
  return experiment.sections.map((section) => ({
    ...section,
    cells: sections.find(({ name }) => name === section.name)?.cells ?? []
  }))
}

/** The experiment with the results that the project has so far. */
export async function readResults(
  { read }: Pick<ReadOnlyProjectStore, 'read'>,
  plan: ExperimentPlan
): Promise<ExperimentResults> {
  const ids = new Set(plan.sections.flatMap(({ cells }) => cells.map(({ id }) => id)))
  const results = new Map<string, EvaluatedRun>()
  const reduce = createRunReducer()
  for (const id of ids) {
    const run = await read.runs.byInputs(id)
    const predictions = run === undefined ? null : await read.runs.predictions(run.id)
    if (run !== undefined && predictions) results.set(id, reduce(run, predictions))
  }
  const [first] = results.values()
  return {
    experiment: plan.experiment,
    file: plan.experiment,
    sharedAnchors: plan.anchors.anchors.length,
    sections: planSections(plan),
    results,
    versions: first?.manifest.versions ?? {}
  }
}
