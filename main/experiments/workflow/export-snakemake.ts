/** Writes a planned experiment as a Snakemake workflow: a folder that runs by itself, one job per group. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'
import { groupBytes } from '#main/experiments/execute/group-memory.ts'
import { workOf } from '#main/experiments/execute/group-work.ts'
import type { ExperimentPlan, WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { inFolder } from './experiment-folder.ts'
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

/** Seconds that a job is given for an example or a product of a search, and minutes at least; generous, since a limit ends it. */
const secondsPer: Readonly<Record<string, number>> = { tuning: 0.036, evaluation: 0.036, adam: 4e-7 }
const leastMinutes = 60

function minutesOf(group: WorkGroup): number {
  const seconds = workOf(group).reduce((sum, { kind, work }) => sum + work * (secondsPer[kind] ?? 0), 0)
  return Math.max(leastMinutes, Math.ceil(seconds / 60))
}

/** What the workflow must know of a group to plan its job. */
function describeJob(group: WorkGroup, threads: number, bytes: number) {
  return {
    id: group.id,
    kind: group.kind,
    label: group.label,
    /** Groups that tune the prompts that this one transfers. */
    needs:
      group.kind === 'tuning'
        ? []
        : group.prompts.filter(({ from }) => from === 'tuning').map(({ id }) => id),
    threads,
    mem_mb: Math.ceil(bytes / 2 ** 20),
    runtime: minutesOf(group)
  }
}

/** Writes the workflow; the number of its jobs. What results are there already stay. @throws `write-failed` */
export async function exportSnakemake(
  plan: ExperimentPlan,
  { folder, workflow, placing, anchorage, threads }: SnakemakeExport
): Promise<number> {
  await mkdir(folder, { recursive: true })
  await cp(workflow, folder, { recursive: true })
  await writeFile(join(folder, 'config.yaml'), `anchorage: ${JSON.stringify(anchorage)}\n`)
  const groups = await placeInputs(plan.groups, join(folder, 'inputs'), placing)
  const bytes = await groupBytes(groups)
  const jobs = groups.map((group, index) => describeJob(group, threads, bytes[index] ?? 0))
  for (const group of groups) {
    // The paths of a group are relative to its own file.
    const path = join(folder, inFolder.group(group.id))
    await writeJsonFile(path, changePaths(group, relativeTo(join(path, '..'))))
  }
  await writeJsonFile(join(folder, inFolder.groups), jobs)
  await writeJsonFile(join(folder, inFolder.anchors), plan.anchors)
  const relativeGroups = groups.map((group) => changePaths(group, relativeTo(folder)))
  await writeJsonFile(join(folder, inFolder.plan), { ...plan, groups: relativeGroups })
  return jobs.length
}
