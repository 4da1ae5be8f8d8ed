/** Writes a planned experiment as a Snakemake workflow: a folder that runs by itself, one job per group. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'
import { assumedSeconds } from '#main/experiments/execute/assumed-times.ts'
import { groupBytes } from '#main/experiments/execute/group-memory.ts'
import { splitGroups } from '#main/experiments/execute/split-groups.ts'
import type { ExperimentPlan, WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { inFolder, type Job } from './experiment-folder.ts'
import { type Placing, placeInputs } from './place-inputs.ts'
import { changePaths, relativeTo } from './planned-paths.ts'

export type SnakemakeExport = {
  readonly folder: string
  /** The workflow's own files, that ship with the project. */
  readonly workflow: string
  readonly placing: Placing
  /** The command that starts Anchorage where the jobs run. */
  readonly anchorage: string
  readonly threads: number
}

/** Minutes that a job is given: three times those of the cost model, and an hour at least, since a limit ends it. */
function minutesFor(seconds: number): number {
  return Math.max(60, Math.ceil((3 * seconds) / 60))
}

function describeJob(group: WorkGroup, threads: number, bytes: number, seconds: number): Job {
  return {
    id: group.id,
    kind: group.kind,
    label: group.label,
    needs:
      group.kind === 'tuning'
        ? []
        : group.prompts.filter(({ from }) => from === 'tuning').map(({ id }) => id),
    threads,
    mem_mb: Math.ceil(bytes / 2 ** 20),
    runtime: minutesFor(seconds)
  }
}

/** What was written: the number of jobs, and the longest of them by the cost model. */
export type Exported = {
  readonly jobs: number
  readonly longest: { readonly label: string; readonly seconds: number } | null
}

/**
 * Writes the workflow; groups that take too long are split. What results are there already stay.
 * @throws `write-failed`
 */
export async function exportSnakemake(
  plan: ExperimentPlan,
  { folder, workflow, placing, anchorage, threads }: SnakemakeExport
): Promise<Exported> {
  await mkdir(folder, { recursive: true })
  await cp(workflow, folder, { recursive: true })
  await writeFile(join(folder, 'config.yaml'), `anchorage: ${JSON.stringify(anchorage)}\n`)
  const placed = await placeInputs(plan.groups, join(folder, 'inputs'), placing)
  const seconds = await assumedSeconds(placed)
  const groups = splitGroups(placed, seconds)
  const bytes = await groupBytes(groups)
  const jobs = groups.map((group, index) => describeJob(group, threads, bytes[index] ?? 0, seconds(group)))
  for (const group of groups) {
    // The paths of a group are relative to its own file.
    const path = join(folder, inFolder.group(group.id))
    await writeJsonFile(path, changePaths(group, relativeTo(join(path, '..'))))
  }
  await writeJsonFile(join(folder, inFolder.groups), jobs)
  await writeJsonFile(join(folder, inFolder.anchors), plan.anchors)
  const relativeGroups = placed.map((group) => changePaths(group, relativeTo(folder)))
  await writeJsonFile(join(folder, inFolder.plan), { ...plan, groups: relativeGroups })
  const byLength = groups.map((group) => ({ label: group.label, seconds: seconds(group) }))
  const longest = byLength.reduce<Exported['longest']>(
    (one, other) => (one === null || other.seconds > one.seconds ? other : one),
    null
  )
  return { jobs: jobs.length, longest }
}
