/** How far an experiment is: cells and groups done, section by section, and how long the rest will take. */
import { parse } from 'node:path'
import { exists } from '#engine/common/files/exists.ts'
import { largestBytes } from '#main/experiments/execute/group-memory.ts'
import { secondsOf, workOf } from '#main/experiments/execute/group-work.ts'
import type { ExperimentResults } from '#main/experiments/execute/results.ts'
import {
  findExperiment,
  groupsLeft,
  readDone,
  readPlan,
  readResults
} from '#main/experiments/execute/stored-experiment.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import type { ExperimentFile } from '#main/experiments/spec/experiment-file.ts'
import { openStoreToRead, type ProjectReader } from '#store/project-store.ts'
import { type RunChoice, readRunResults } from './results-of-runs.ts'

export type ExperimentStatus = {
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
  readonly sections: readonly { readonly name: string; readonly cells: number; readonly done: number }[]
}

/** The status of a plan; with nothing done where there is no project yet. */
export async function describePlan(
  plan: ExperimentPlan,
  read: ProjectReader | null
): Promise<ExperimentStatus> {
  const done =
    read === null ? { results: new Set<string>(), prompts: new Set<string>() } : await readDone(read)
  const left = groupsLeft(plan, done)
  const ids = [...new Set(plan.sections.flatMap(({ cells }) => cells.map(({ id }) => id)))]
  const countDone = (list: readonly string[]): number => list.filter((id) => done.results.has(id)).length
  return {
    name: plan.experiment.name,
    sharedAnchors: plan.anchors.anchors.length,
    cells: ids.length,
    done: countDone(ids),
    groups: plan.groups.length,
    groupsLeft: left.length,
    tuningsLeft: left.filter(({ kind }) => kind === 'tuning').length,
    secondsLeft: secondsOf(left.flatMap(workOf), read === null ? [] : await read.experiments.times()),
    sections: plan.sections.map(({ name, cells }) => ({
      name,
      cells: cells.length,
      done: countDone(cells.map(({ id }) => id))
    }))
  }
}

/** Before it is run: besides, how many bytes of memory its largest work group takes at the most. */
export type ExperimentPlanStatus = ExperimentStatus & { readonly bytes: number }

/** The status of a plan before it is run. */
export async function describeBeforehand(
  plan: ExperimentPlan,
  read: ProjectReader | null
): Promise<ExperimentPlanStatus> {
  return { ...(await describePlan(plan, read)), bytes: await largestBytes(plan.groups) }
}

/** The status of a plan before it is run in a project file that may not be there yet; read beside whoever writes it. */
export async function describePlanIn(
  plan: ExperimentPlan,
  projectPath: string | undefined
): Promise<ExperimentPlanStatus> {
  if (projectPath === undefined || !(await exists(projectPath))) return await describeBeforehand(plan, null)
  const store = await openStoreToRead(projectPath)
  try {
    return await describeBeforehand(plan, store.read)
  } finally {
    await store.close()
  }
}

/** An experiment as it was last run in a project. */
export type ExperimentInProject = {
  readonly status: ExperimentStatus
  readonly results: ExperimentResults
  /** Whether the experiment file says something else now. */
  readonly fileHasChanged: boolean
}

/** Runs of a project, whatever computed them, with the project's name; read beside whoever writes it. Errors as `readRunResults`. */
export async function readRunsIn(projectPath: string, choice: RunChoice): Promise<ExperimentResults> {
  const store = await openStoreToRead(projectPath)
  try {
    return await readRunResults(store.read, parse(store.path).name, choice)
  } finally {
    await store.close()
  }
}

/**
 * The experiment of a file as the project holds it; read beside whoever writes it.
 * @throws `not-found` where it was never run there
 */
export async function readExperimentIn(
  experiment: ExperimentFile,
  projectPath: string
): Promise<ExperimentInProject> {
  const store = await openStoreToRead(projectPath)
  try {
    const plan = await readPlan(store.read, (await findExperiment(store.read, experiment.name)).id)
    return {
      status: await describePlan(plan, store.read),
      results: await readResults(store, plan),
      fileHasChanged: JSON.stringify(plan.experiment) !== JSON.stringify(experiment)
    }
  } finally {
    await store.close()
  }
}
