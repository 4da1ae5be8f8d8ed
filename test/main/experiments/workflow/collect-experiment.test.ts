/** An experiment that leaves as a folder comes back as if it had been run here; what is damaged or changed is refused. */
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { orderExperiment } from '#main/experiments/execute/order-experiment.ts'
import { readResults } from '#main/experiments/execute/stored-experiment.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { readAttempts } from '#main/experiments/workflow/attempts.ts'
import { collectExperiment, openExported } from '#main/experiments/workflow/collect-experiment.ts'
import { exportSnakemake } from '#main/experiments/workflow/export-snakemake.ts'
import { type Placing, placeInputs } from '#main/experiments/workflow/place-inputs.ts'
import { runGroupFile } from '#main/experiments/workflow/run-group-file.ts'
import { createProject, type Project } from '#main/project/project.ts'
import { hashContent } from '#store/records/row.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { smallExperimentFile } from '#test/support/small-experiment.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const workflow = resolve(import.meta.dirname, '../../../../assets/experiments/snakemake')
const control = { signal: new AbortController().signal, onProgress: () => {} }

type Exported = { folder: string; plan: ExperimentPlan }

async function exported(placing: Placing = 'share'): Promise<Exported> {
  const folder = join(await temporaryFolder(), 'workflow')
  const plan = await planExperiment(smallExperimentFile(), '/', engineInProcess(), control)
  const settings = { folder, workflow, placing, anchorage: 'anchorage', threads: 2 }
  expect(await exportSnakemake(plan, settings)).toMatchObject({ jobs: plan.groups.length })
  return { folder, plan }
}

async function runGroups(folder: string, ids: readonly string[]): Promise<void> {
  const engine = engineInProcess()
  for (const id of ids) {
    await runGroupFile(join(folder, 'groups', `${id}.json`), join(folder, 'results', `${id}.json`), {
      engine,
      ...control
    })
  }
}

async function newProject(): Promise<Project> {
  const project = await createProject(
    join(await temporaryFolder(), 'experiment.anchorage'),
    engineInProcess()
  )
  onTestFinished(() => project.close())
  return project
}

/** What an experiment found, without what differs from machine to machine. */
async function found(project: Project, plan: ExperimentPlan) {
  const { results } = await readResults(project.store, plan)
  return new Map([...results].map(([id, { seconds: _, notes: __, ...result }]) => [id, result]))
}

type GroupFile = {
  readonly task: { readonly source: { readonly folder: string } }
  readonly model: { readonly reference: { readonly folder: string } }
}

async function readGroup(folder: string, id: string): Promise<GroupFile> {
  return JSON.parse(await readFile(join(folder, 'groups', `${id}.json`), 'utf8'))
}

const idsOf = ({ groups }: ExperimentPlan): string[] => groups.map(({ id }) => id)

// Whole experiments are computed.
describe('an exported experiment', { timeout: 180_000 }, () => {
  it('run group by group wherever the folder is, brings the results of a run in the project', async () => {
    const { folder, plan } = await exported()
    const moved = join(await temporaryFolder(), 'elsewhere')
    await rename(folder, moved)
    await runGroups(moved, idsOf(plan))
    const [here, there] = [await newProject(), await newProject()]
    const { jobId } = await orderExperiment(here, plan)
    expect((await here.queue.whenEnded(jobId ?? '')).state).toBe('finished')
    expect(await collectExperiment(there, await openExported(moved))).toMatchObject({
      taken: 4,
      known: 0,
      missing: 0,
      refused: []
    })
    const collected = await found(there, plan)
    expect(collected.size).toBe(16)
    expect(collected).toEqual(await found(here, plan))
  })

  it('is collected as often as one likes, and what is missing is said', async () => {
    const { folder, plan } = await exported('link')
    const [first = '', ...others] = idsOf(plan)
    const project = await newProject()
    await runGroups(folder, [first])
    expect(await collectExperiment(project, await openExported(folder))).toMatchObject({
      taken: 1,
      known: 0,
      missing: 3
    })
    await runGroups(folder, others)
    expect(await collectExperiment(project, await openExported(folder))).toMatchObject({
      taken: 3,
      known: 1,
      missing: 0
    })
    expect(await collectExperiment(project, await openExported(folder))).toMatchObject({
      taken: 0,
      known: 4,
      missing: 0
    })
    // What was computed elsewhere is not computed again here.
    expect((await orderExperiment(project, plan)).jobId).toBeNull()
  })

  it('has results that were damaged, or are of another group, refused by name', async () => {
    const { folder, plan } = await exported()
    const [tuned = '', other = '', measured = ''] = idsOf(plan)
    await runGroups(folder, [tuned, other, measured])
    const path = (id: string): string => join(folder, 'results', `${id}.json`)
    const text = await readFile(path(measured), 'utf8')
    await writeFile(path(measured), text.replace(/"accuracy": [\d.]+/, '"accuracy": 1'))
    await cp(path(tuned), path(other))
    const project = await newProject()
    const collected = await collectExperiment(project, await openExported(folder))
    expect(collected).toMatchObject({ taken: 1, missing: 1 })
    expect(collected.refused.map(({ file }) => file)).toEqual([path(other), path(measured)])
    expect(collected.refused.map(({ error }) => error.code)).toEqual(['file-malformed', 'file-malformed'])
    expect(collected.refused[1]?.error.found).toContain('SHA-256')
    const evaluated = (await project.store.read.runs.overview()).filter(({ scores }) => scores !== null)
    expect(evaluated).toEqual([])
  })

  it('refuses to compute with inputs that were changed on the way', async () => {
    const { folder, plan } = await exported()
    const [first = ''] = idsOf(plan)
    const group = await readGroup(folder, first)
    await rm(join(folder, 'groups', group.task.source.folder, 'dev.jsonl'))
    await expect(runGroups(folder, [first])).rejects.toMatchObject({
      code: 'mismatch',
      message: 'The task capital is not what the experiment was planned with.'
    })
  })

  it('says which prompt was not tuned yet', async () => {
    const { folder, plan } = await exported()
    const measuring = plan.groups.find(({ kind }) => kind === 'measuring')
    await expect(runGroups(folder, [measuring?.id ?? ''])).rejects.toMatchObject({ code: 'file-not-found' })
  })

  it('says why a group that was tried has no result, and what waits for it', async () => {
    const { folder, plan } = await exported()
    const [failed = '', killed = '', waiting = '', other = ''] = idsOf(plan)
    const model = await readGroup(folder, failed)
    await rm(join(folder, 'groups', model.task.source.folder, 'dev.jsonl'))
    await expect(runGroups(folder, [failed])).rejects.toMatchObject({ code: 'mismatch' })
    // A job that is killed leaves its first line, and its scheduler a log.
    const begun = { event: 'started', attempt: 'one', at: Date.now() - 600_000, node: 'node7' }
    await writeFile(
      join(folder, 'logs', `${killed}.attempts.jsonl`),
      `${JSON.stringify(begun)}\n{"event":"fin`
    )
    const project = await newProject()
    const reasons = async () => {
      const { unfinished } = await collectExperiment(project, await openExported(folder))
      return new Map(unfinished.map(({ group, reason }) => [group, reason]))
    }
    const before = await reasons()
    expect(before.get(failed)).toContain('The task capital is not what the experiment was planned with.')
    expect(before.get(killed)).toContain(
      'begun on node7 10 min ago and not ended: it is at work, or was ended'
    )
    expect(before.get(waiting)).toBe('waits for tuning bert-large on capital, 5 vectors, seed 1')
    expect(before.get(other)).toBe('waits for tuning bert-large on currency, 5 vectors, seed 1')
    const logs = join(folder, '.snakemake', 'slurm_logs', 'rule_group', killed)
    await mkdir(logs, { recursive: true })
    const words = 'slurmstepd-node7: error: StepId=10.0 exceeded memory limit (9 > 8), being killed'
    await writeFile(join(logs, '9.log'), 'slurmstepd-node7: error: of an attempt before\n')
    await writeFile(join(logs, '10.log'), `SNAKEMAKE\n${words}\n${words}\nsrun: error\n`)
    expect((await reasons()).get(killed)).toBe(
      `begun on node7 10 min ago and not ended by itself; the scheduler says: ${words}`
    )
  })

  it('notes every attempt with its end', async () => {
    const { folder, plan } = await exported()
    const [first = ''] = idsOf(plan)
    await runGroups(folder, [first])
    await runGroups(folder, [first])
    const attempts = await readAttempts(folder, first)
    expect(attempts.map(({ end }) => end?.kind)).toEqual(['finished', 'finished'])
  })

  it('names models by their fingerprint, and shares their files where the file system has links', async () => {
    const { folder, plan } = await exported()
    const [tuning] = plan.groups
    if (tuning?.kind !== 'tuning') throw new Error('nothing is tuned')
    const models = await readdir(join(folder, 'inputs', 'models'))
    expect(models.length).toBe(3)
    expect(models).toContain(hashContent(tuning.model.fingerprint))
    const own = join(folder, 'inputs', 'models', hashContent(tuning.model.fingerprint), 'config.json')
    const original = join(tuning.model.reference.folder, 'config.json')
    const isOneFileSystem = (await stat(folder)).dev === (await stat(original)).dev
    expect((await stat(own)).ino === (await stat(original)).ino).toBe(isOneFileSystem)
  })

  it('copies models where it is asked to, and refuses a link that leads out of a model', async () => {
    const { folder, plan } = await exported('copy')
    const [tuning] = plan.groups
    if (tuning?.kind !== 'tuning') throw new Error('nothing is tuned')
    const own = join(folder, 'inputs', 'models', hashContent(tuning.model.fingerprint))
    expect((await stat(join(own, 'config.json'))).nlink).toBe(1)
    await symlink('/etc/hostname', join(own, 'notes.txt'))
    const moved = { ...tuning, model: { ...tuning.model, reference: { folder: own } } }
    const again = join(await temporaryFolder(), 'again')
    await expect(placeInputs([moved], again, 'share')).rejects.toMatchObject({ code: 'file-unsafe' })
  })

  it('refuses a model that is another now, and a group that names a file outside of its folder', async () => {
    const { folder, plan } = await exported('copy')
    const [first = ''] = idsOf(plan)
    const group = await readGroup(folder, first)
    const tokenizer = join(folder, 'groups', group.model.reference.folder, 'tokenizer.json')
    await writeFile(tokenizer, (await readFile(tokenizer, 'utf8')).replace('"##', '"#'))
    await expect(runGroups(folder, [first])).rejects.toMatchObject({
      code: 'mismatch',
      message: 'The tokenizer of bert-large is not what the experiment was planned with.'
    })
    const elsewhere = { ...group, model: { ...group.model, reference: { folder: '../../elsewhere' } } }
    await writeFile(join(folder, 'groups', `${first}.json`), JSON.stringify(elsewhere))
    await expect(runGroups(folder, [first])).rejects.toMatchObject({ code: 'file-unsafe' })
  })
})
