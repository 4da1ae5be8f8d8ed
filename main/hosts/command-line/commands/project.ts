/** `anchorage project info`, `resume`, `export` and more: what a project holds, its unfinished work, its prompts as files. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { AnchorageError, errorFromData, explainError } from '#engine/common/contract/errors.ts'
import { type WrittenFormat, writtenFormats } from '#engine/common/contract/prompts.ts'
import { relocateModel } from '#main/catalogue/models.ts'
import { repeatRun } from '#main/experiments/plan/repeat-run.ts'
import { exportProject } from '#main/export/export-project.ts'
import { describeProject } from '#main/project/describe-project.ts'
import type { Project } from '#main/project/project.ts'
import { followJob } from '#main/queue/follow-job.ts'
import { exitCodes } from '../exit-codes.ts'
import { inStoredProject } from '../in-project.ts'
import { modelFolder } from '../model-folder.ts'
import type { Output } from '../output.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { addRunCommands } from './project-runs.ts'

type Job = Awaited<ReturnType<typeof followJob>>

function printDescription(found: Awaited<ReturnType<typeof describeProject>>, output: Output): void {
  output.line(found.path)
  output.line()
  output.table(
    ['model', 'family', 'width', 'weights', 'folder'],
    found.models.map(({ name, family, width, weights, folder }) => [
      name,
      family,
      width,
      weights?.slice(0, 12) ?? 'not hashed yet',
      folder
    ])
  )
  output.line()
  output.table(
    ['anchor set', 'anchors'],
    found.anchorSets.map(({ name, count }) => [name, count])
  )
  output.line()
  output.table(
    ['job', 'state', 'done', 'waiting', 'failed', 'error'],
    found.jobs.map(({ title, state, isPaused, cells, error }) => [
      title,
      isPaused && cells.queued > 0 ? `${state}, paused` : state,
      cells.finished,
      cells.queued + cells.running,
      cells.failed,
      error?.message ?? null
    ])
  )
  if (found.isQueuePaused) output.line('The queue is paused.')
  output.line()
  output.table(
    ['run (newest first)', 'matching', 'seconds', 'weights', 'id'],
    found.newestRuns.map(({ name, matching, seconds, weightsUnverified, id }) => [
      name,
      matching?.toFixed(4) ?? null,
      seconds.toFixed(2),
      weightsUnverified ? 'unverified' : null,
      id
    ])
  )
  if (found.races.length > 0) {
    output.line()
    output.table(
      ['best set found on', 'sources', 'among', 'accuracy', 'split', 'id'],
      found.races.map(({ target, chosen, among, accuracy, split, id }) => [
        target,
        chosen.join(' + '),
        among,
        accuracy.toFixed(4),
        split,
        id
      ])
    )
  }
  output.line(`${found.prompts.length} prompts, ${found.runCount} runs`)
  if (found.unverifiedCount > 0)
    output.line(
      `weights unverified: ${found.unverifiedCount} ${found.unverifiedCount === 1 ? 'run' : 'runs'} of an older version, which did not note the weights of their model; verified where its files were not changed since, when it is next run`
    )
}

function addInfo(project: Command): void {
  project
    .command('info')
    .description(
      'list models, anchor sets, jobs, runs and the best sets found; does not disturb who writes the project'
    )
    .argument('<file>', 'project file, NAME.anchorage')
    .addHelpText('after', '\nExample:\n  $ anchorage project info experiment.anchorage')
    .action((file: string, _: object, command: Command) =>
      runInSession(command, async ({ output }) => {
        const found = await describeProject(resolve(file))
        printDescription(found, output)
        if (found.damage !== null) process.stderr.write(`${explainError(found.damage)}\n`)
        output.result(found)
        return undefined
      })
    )
}

/** Runs what has not finished, job by job, paused or not; what failed or was cancelled is tried again. */
async function resumeJobs(project: Project, session: CommandSession): Promise<Job[]> {
  const jobs: Job[] = []
  await project.queue.unpause(null)
  for (const { id, state, isPaused } of await project.store.read.jobs.list()) {
    if (session.signal.aborted) break
    if (state === 'finished') continue
    if (isPaused) await project.queue.unpause(id)
    if (state === 'failed' || state === 'cancelled') await project.queue.retry(id)
    jobs.push(
      await followJob(project.queue, id, { signal: session.signal, onProgress: session.progress.show })
    )
  }
  session.progress.end()
  return jobs
}

/** What jobs came to together: the worst of them. */
function exitCodeOfAll(jobs: readonly Job[]): number {
  if (jobs.some(({ state }) => state === 'failed')) return exitCodes.failed
  return jobs.some(({ state }) => state === 'cancelled') ? exitCodes.cancelled : exitCodes.done
}

function addResume(project: Command): void {
  project
    .command('resume')
    .description(
      'go on with work that was interrupted, paused, cancelled or failed, from the last finished prompt'
    )
    .argument('<file>', 'project file, NAME.anchorage')
    .addHelpText('after', '\nExample:\n  $ anchorage project resume experiment.anchorage')
    .action((file: string, _: object, command: Command) =>
      runInSession(command, async (session) => {
        const { output } = session
        return await inStoredProject(file, session, async (opened) => {
          const jobs = await resumeJobs(opened, session)
          for (const { title, state, error } of jobs) {
            output.line(`${title}: ${state}`)
            if (error !== null) process.stderr.write(`${explainError(error)}\n`)
          }
          if (jobs.length === 0) output.line('Everything is finished.')
          output.result(jobs)
          return exitCodeOfAll(jobs)
        })
      })
    )
}

function addRepeat(project: Command): void {
  project
    .command('repeat')
    .description('run the manifest of a run again: the same inputs, settings and seeds')
    .argument('<file>', 'project file, NAME.anchorage')
    .argument('<run>', 'id of the run, as `project info` lists it')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage project repeat experiment.anchorage 67a128df-5208-4ff9-a6df-5198c2c3d5ab'
    )
    .action((file: string, run: string, _: object, command: Command) =>
      runInSession(command, async (session) => {
        return await inStoredProject(file, session, async (opened) => {
          const jobId = await repeatRun(opened, run)
          const { signal, progress } = session
          const { state, error } = await followJob(opened.queue, jobId, { signal, onProgress: progress.show })
          progress.end()
          if (error !== null) throw errorFromData(error)
          const [again] = await opened.store.read.runs.byJob(jobId)
          session.output.line(
            `${state}: matching ${again?.matching?.toFixed(4) ?? '–'}, run ${again?.id ?? '–'}`
          )
          session.output.result(again ?? null)
          return state === 'cancelled' ? exitCodes.cancelled : exitCodes.done
        })
      })
    )
}

function addRelocate(project: Command): void {
  project
    .command('relocate')
    .description('say where a model of the project is now')
    .argument('<file>', 'project file, NAME.anchorage')
    .argument('<model>', 'name or id of the model, as `project info` lists it')
    .argument('<folder>', 'the folder that holds it now')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage project relocate experiment.anchorage roberta-large /mnt/models/roberta-large'
    )
    .action((file: string, model: string, folder: string, _: object, command: Command) =>
      runInSession(command, async (session) => {
        const { signal, output, progress } = session
        return await inStoredProject(file, session, async (opened) => {
          const models = await opened.store.read.models.list()
          const found = models.find(({ id, report }) => id === model || report.name === model)
          if (found === undefined) {
            throw new AnchorageError('not-found', 'The project has no such model.', {
              found: model,
              expected: models.map(({ report }) => report.name).join(', '),
              next: 'Name a model as `anchorage project info` lists it.'
            })
          }
          const reference = { folder: modelFolder(folder) }
          const moved = await relocateModel(opened, found.id, reference, signal, progress.show)
          progress.end()
          output.line(`${moved.report.name} is in ${moved.reference.folder}`)
          output.result(moved)
          return undefined
        })
      })
    )
}

type ExportOptions = {
  readonly out: string
  readonly format: WrittenFormat
  readonly run: readonly string[]
  readonly padRows?: boolean
  readonly overwrite?: boolean
}

function addExport(project: Command): void {
  project
    .command('export')
    .description('write the prompts of runs, each with its manifest')
    .argument('<file>', 'project file, NAME.anchorage')
    .requiredOption('--out <folder>', 'where to write')
    .addOption(
      new Option('--format <format>', 'format of the prompts').choices(writtenFormats).default('optiprompt')
    )
    .option(
      '--run <id>',
      'only this run; may be given several times',
      (id, before: string[]) => [...before, id],
      []
    )
    .option('--pad-rows', 'optiprompt: fill up to the 10 rows that its code reads')
    .option('--overwrite', 'replace prompt files that are there')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage project export experiment.anchorage --out prompts --format peft'
    )
    .action((file: string, options: ExportOptions, command: Command) =>
      runInSession(command, async ({ engine, signal, output }) => {
        const { out, format, run, padRows = false, overwrite = false } = options
        const settings = { folder: resolve(out), format, padRows, overwrite }
        const exported = await exportProject(resolve(file), run, settings, engine, signal)
        const files = exported.flatMap((one) => one.files)
        for (const path of files) output.line(`written ${path}`)
        output.line(`${exported.length} prompts`)
        output.result(files)
        return undefined
      })
    )
}

export function addProjectCommands(project: Command): void {
  addInfo(project)
  addResume(project)
  addRepeat(project)
  addRelocate(project)
  addExport(project)
  addRunCommands(project)
}
