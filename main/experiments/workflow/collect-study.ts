/** Takes the results of an exported study into a project; what is there already, and what is damaged, is left. */

import { join } from 'node:path'
import { AnchorageError, type ErrorData, errorToData } from '#engine/common/contract/errors.ts'
import { exists } from '#engine/common/files/exists.ts'
import type { GroupOutcome } from '#main/experiments/execute/groups/run-group.ts'
import { keepOutcome } from '#main/experiments/execute/run-study-cell.ts'
import { planId, readDone, whatIsLeft } from '#main/experiments/execute/stored-study.ts'
import { type StudyGroup, type StudyPlan, studyPlanSchema } from '#main/experiments/plan/study-plan.ts'
import type { Project } from '#main/project/project.ts'
import { hashContent } from '#store/records/row.ts'
import { absoluteFrom, changePaths } from './planned-paths.ts'
import { inFolder, readFolderFile, readOutcome } from './study-folder.ts'

export type Collected = {
  readonly plan: StudyPlan
  /** Groups whose results are new to the project, were there already, or are not computed yet. */
  readonly taken: number
  readonly known: number
  readonly missing: number
  /** Files that were left, with the reason. */
  readonly refused: readonly { readonly file: string; readonly error: ErrorData }[]
}

/** Refuses results that are not those of the group's cells, by the hash of what made them. */
function checkOutcome(path: string, group: StudyGroup, outcome: GroupOutcome): void {
  const asked = group.kind === 'tuning' ? [group.id] : group.cells.map(({ id }) => id)
  const computed = outcome.kind === 'tuning' ? [outcome.prompt.id] : outcome.results.map(({ id }) => id)
  const other =
    outcome.kind === 'tuning'
      ? undefined
      : outcome.results.find(({ id, manifest }) => hashContent(manifest.inputs) !== id)
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

/** Takes what the folder holds, group by group. @throws `file-not-found`, `file-malformed` of its plan */
export async function collectStudy(project: Project, folder: string): Promise<Collected> {
  const stored = await readFolderFile(join(folder, inFolder.plan), studyPlanSchema)
  const groups = stored.groups.map((group) => changePaths(group, absoluteFrom(folder)))
  const plan: StudyPlan = { ...stored, groups }
  const { store } = project
  const id = planId(plan)
  const isKnown = (await store.read.studies.plan(id)) !== undefined
  if (!isKnown) await store.write(({ studies }) => studies.addPlan(id, plan.study.name, plan))
  let [taken, known, missing] = [0, 0, 0]
  const refused: { file: string; error: ErrorData }[] = []
  for (const group of groups) {
    const path = join(folder, inFolder.outcome(group.id))
    if (whatIsLeft(group, await readDone(store.read)) === null) known++
    else if (!(await exists(path))) missing++
    else {
      try {
        const outcome = await readOutcome(path, group.id)
        checkOutcome(path, group, outcome)
        await store.write((writer) => keepOutcome(writer, group, outcome))
        taken++
      } catch (error) {
        refused.push({ file: path, error: errorToData(error) })
      }
    }
  }
  return { plan, taken, known, missing, refused }
}
