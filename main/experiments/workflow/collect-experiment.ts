/**
 * Takes the results of an exported experiment into a project; what is there already, and what is damaged, is left. Of what
 * was tried and has no result, it says why.
 */

import { dirname, join } from 'node:path'
import { AnchorageError, type ErrorData, errorToData } from '#engine/common/contract/errors.ts'
import { runInputs } from '#engine/common/contract/runs.ts'
import { exists } from '#engine/common/files/exists.ts'
import type { GroupOutcome } from '#main/experiments/execute/groups/run-group.ts'
import { keepOutcome } from '#main/experiments/execute/keep-outcome.ts'
import { planId, readDone, whatIsLeft } from '#main/experiments/execute/stored-experiment.ts'
import {
  type ExperimentPlan,
  experimentPlanSchema,
  type WorkGroup,
  workGroupSchema
} from '#main/experiments/plan/experiment-plan.ts'
import type { Project } from '#main/project/project.ts'
import { hashContent } from '#store/records/row.ts'
import { inFolder, jobsSchema, readFolderFile, readOutcome } from './experiment-folder.ts'
import { absoluteFrom, changePaths } from './planned-paths.ts'
import { type Unfinished, whyUnfinished } from './unfinished-groups.ts'

export type Collected = {
  readonly plan: ExperimentPlan
  /** Groups whose results are new to the project, were there already, or are not computed yet. */
  readonly taken: number
  readonly known: number
  readonly missing: number
  /** Of those the groups that were tried, and those that wait for one that was, with what is known of the reason. */
  readonly unfinished: readonly Unfinished[]
  /** Files that were left, with the reason. */
  readonly refused: readonly { readonly file: string; readonly error: ErrorData }[]
}

/** Refuses results that are not those of the group's cells, by the hash of what made them. */
function checkOutcome(path: string, group: WorkGroup, outcome: GroupOutcome): void {
  const asked = group.kind === 'tuning' ? [group.id] : group.cells.map(({ id }) => id)
  const computed = outcome.kind === 'tuning' ? [outcome.run.id] : outcome.runs.map(({ id }) => id)
  const other =
    outcome.kind === 'tuning'
      ? undefined
      : outcome.runs.find(({ id, manifest }) => hashContent(runInputs(manifest)) !== id)
  const complete = group.kind === outcome.kind && asked.every((id) => computed.includes(id))
  if (complete && computed.length === asked.length && other === undefined) return
  throw new AnchorageError('mismatch', 'The results are not those of the group.', {
    where: path,
    found:
      other === undefined
        ? `${computed.length} results`
        : `a result whose inputs are not those of ${other.id}`,
    expected: `the ${asked.length} of ${group.label}`,
    next: 'Remove the file and run the workflow again.'
  })
}

/** An exported experiment: where it lies, its plan, and the groups of its jobs, with the paths of this machine. */
export type ExportedExperiment = {
  readonly folder: string
  readonly plan: ExperimentPlan
  readonly groups: readonly WorkGroup[]
}

/** Reads the plan of a workflow's folder. @throws `file-not-found`, `file-malformed` */
export async function openExported(folder: string): Promise<ExportedExperiment> {
  const stored = await readFolderFile(join(folder, inFolder.plan), experimentPlanSchema)
  const plan = { ...stored, groups: stored.groups.map((group) => changePaths(group, absoluteFrom(folder))) }
  const groups: WorkGroup[] = []
  for (const { id } of await readFolderFile(join(folder, inFolder.groups), jobsSchema)) {
    const path = join(folder, inFolder.group(id))
    groups.push(changePaths(await readFolderFile(path, workGroupSchema), absoluteFrom(dirname(path))))
  }
  return { folder, plan, groups }
}

/** Takes what the folder holds, group by group. */
export async function collectExperiment(
  project: Project,
  { folder, plan, groups }: ExportedExperiment
): Promise<Collected> {
  const { store } = project
  const id = planId(plan)
  const isKnown = (await store.read.experiments.plan(id)) !== undefined
  if (!isKnown) await store.write(({ experiments }) => experiments.addPlan(id, plan.experiment.name, plan))
  let [taken, known] = [0, 0]
  const missing: WorkGroup[] = []
  const refused: { file: string; error: ErrorData }[] = []
  for (const group of groups) {
    const path = join(folder, inFolder.outcome(group.id))
    if (whatIsLeft(group, await readDone(store.read)) === null) known++
    else if (!(await exists(path))) missing.push(group)
    else {
      try {
        const outcome = await readOutcome(path, group.id)
        checkOutcome(path, group, outcome)
        await store.write((writer) => keepOutcome(writer, group, outcome, { cellId: null, isPlanned: true }))
        taken++
      } catch (error) {
        refused.push({ file: path, error: errorToData(error) })
      }
    }
  }
  return {
    plan,
    taken,
    known,
    missing: missing.length,
    unfinished: await whyUnfinished(folder, missing),
    refused
  }
}
