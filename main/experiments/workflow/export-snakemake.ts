/** Writes a planned experiment as a Snakemake workflow: a folder that runs by itself, one job per group. */
import { cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'
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

/** Megabytes beside the model: the runtime, the program, batches of answers. */
const baseMegabytes = 1500
/** A session holds the weights and its working memory; tuning keeps what the way back needs. */
const modelsHeld = { tuning: 4, measuring: 3 } as const
/** Minutes that a job is given for a million examples or steps, and at least; generous, since a limit ends it. */
const minutesPerMillion = 600
const leastMinutes = 60

function modelFolder(group: WorkGroup): string {
  return (group.kind === 'tuning' ? group.model : group.target).reference.folder
}

async function megabytesOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true })
  let bytes = 0
  for (const file of files) bytes += (await stat(join(folder, file))).size
  return bytes / 2 ** 20
}

/** What the workflow must know of a group to plan its job. */
function describeJob(group: WorkGroup, threads: number, megabytes: number) {
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
    mem_mb: Math.ceil(baseMegabytes + modelsHeld[group.kind] * megabytes),
    runtime: Math.max(leastMinutes, Math.ceil((workOf(group).work / 1e6) * minutesPerMillion))
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
  const megabytes = new Map<string, number>()
  for (const model of new Set(groups.map(modelFolder))) megabytes.set(model, await megabytesOf(model))
  const jobs = groups.map((group) => describeJob(group, threads, megabytes.get(modelFolder(group)) ?? 0))
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
