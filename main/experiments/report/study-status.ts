/** How far a study is: cells and groups done, experiment by experiment, and how long the rest will take. */
import { exists } from '#engine/common/files/exists.ts'
import { estimateSeconds } from '#main/experiments/execute/group-work.ts'
import type { StudyResults } from '#main/experiments/execute/results.ts'
import {
  findStudy,
  groupsLeft,
  readDone,
  readPlan,
  readResults
} from '#main/experiments/execute/stored-study.ts'
import type { StudyPlan } from '#main/experiments/plan/study-plan.ts'
import type { StudyFile } from '#main/experiments/spec/study-file.ts'
import { openStoreToRead, type ProjectReader } from '#store/project-store.ts'

export type StudyStatus = {
  readonly name: string
  readonly sharedAnchors: number
  /** Different cells, and those with a result. */
  readonly cells: number
  readonly done: number
  readonly groups: number
  readonly groupsLeft: number
  /** Prompts to tune, of those groups. */
  readonly tuningsLeft: number
  /** Null where nothing like what is left has run in the project. */
  readonly secondsLeft: number | null
  readonly experiments: readonly { readonly name: string; readonly cells: number; readonly done: number }[]
}

/** The status of a plan; with nothing done where there is no project yet. */
export async function describePlan(plan: StudyPlan, read: ProjectReader | null): Promise<StudyStatus> {
  const done =
    read === null ? { results: new Set<string>(), prompts: new Set<string>() } : await readDone(read)
  const left = groupsLeft(plan, done)
  const ids = [...new Set(plan.experiments.flatMap(({ cells }) => cells.map(({ id }) => id)))]
  const countDone = (list: readonly string[]): number => list.filter((id) => done.results.has(id)).length
  return {
    name: plan.study.name,
    sharedAnchors: plan.anchors.anchors.length,
    cells: ids.length,
    done: countDone(ids),
    groups: plan.groups.length,
    groupsLeft: left.length,
    tuningsLeft: left.filter(({ kind }) => kind === 'tuning').length,
    secondsLeft: estimateSeconds(left, read === null ? [] : await read.studies.times()),
    experiments: plan.experiments.map(({ name, cells }) => ({
      name,
      cells: cells.length,
      done: countDone(cells.map(({ id }) => id))
    }))
  }
}

/** The status of a plan in a project file that may not be there yet; read beside whoever writes it. */
export async function describePlanIn(plan: StudyPlan, projectPath: string | undefined): Promise<StudyStatus> {
  if (projectPath === undefined || !(await exists(projectPath))) return await describePlan(plan, null)
  const store = await openStoreToRead(projectPath)
  try {
    return await describePlan(plan, store.read)
  } finally {
    await store.close()
  }
}

/** A study as it was last run in a project. */
export type StudyInProject = {
  readonly status: StudyStatus
  readonly results: StudyResults
  /** Whether the study file says something else now. */
  readonly fileHasChanged: boolean
}

/**
 * The study of a file as the project holds it; read beside whoever writes it.
 * @throws `not-found` where it was never run there
 */
export async function readStudyIn(study: StudyFile, projectPath: string): Promise<StudyInProject> {
  const store = await openStoreToRead(projectPath)
  try {
    const plan = await readPlan(store.read, (await findStudy(store.read, study.name)).id)
    return {
      status: await describePlan(plan, store.read),
      results: await readResults(store, plan),
      fileHasChanged: JSON.stringify(plan.study) !== JSON.stringify(study)
    }
  } finally {
    await store.close()
  }
}
