/** `anchorage experiment`: experiments from one file, planned, run, looked at, and run on other machines. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { explainError } from '#engine/common/contract/errors.ts'
import { orderExperiment } from '#main/experiments/execute/order-experiment.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import { describePlan, describePlanIn, readExperimentIn } from '#main/experiments/report/experiment-status.ts'
import { experimentJsonSchema } from '#main/experiments/spec/experiment-file.ts'
import { makeExperimentFile } from '#main/experiments/spec/experiment-templates.ts'
import { readExperiment } from '#main/experiments/spec/read-experiment.ts'
import type { Project } from '#main/project/project.ts'
import { followJob } from '#main/queue/follow-job.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { printStatus } from '../experiment-status-text.ts'
import { inProject } from '../in-project.ts'
import { planExperimentFile } from '../plan-experiment-file.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { addExperimentElsewhere } from './experiment-elsewhere.ts'
import { addExperimentRace } from './experiment-race.ts'
import { addExperimentReport } from './experiment-report.ts'

/** The assets lie beside `out/`. */
const templates = fileURLToPath(new URL('../assets/experiments', import.meta.url))

function addNew(experiment: Command): void {
  experiment
    .command('new')
    .description('make an experiment file from a template')
    .argument('<file>', 'experiment file to make, such as my.experiment.yaml')
    .option('--template <name>', 'ablation, matching, paper, pair or sources', 'pair')
    .addHelpText('after', '\nExample:\n  $ anchorage experiment new --template paper paper.experiment.yaml')
    .action((file: string, { template }: { template: string }, command: Command) =>
      runInSession(command, async ({ output }) => {
        const path = resolve(file)
        await makeExperimentFile(templates, template, path)
        output.line(`made ${path}: name your models and tasks in it`)
        output.line(`then: anchorage experiment plan ${file}`)
        output.result({ file: path })
        return undefined
      })
    )
}

function addPlan(experiment: Command): void {
  experiment
    .command('plan')
    .description(
      'say what an experiment will compute, what is done of it already, and how long the rest takes'
    )
    .argument('<file>', 'experiment file')
    .option('--project <file>', 'project that holds what is done')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage experiment plan paper.experiment.yaml --project paper.anchorage'
    )
    .action((file: string, { project }: { project?: string }, command: Command) =>
      runInSession(command, async (session) => {
        const plan = await planExperimentFile(file, session, project)
        const status = await describePlanIn(plan, project === undefined ? undefined : resolve(project))
        printStatus(status, session.output)
        session.output.line(`memory: up to ${(status.bytes / 1e9).toFixed(1)} GB for a group`)
        session.output.result(status)
        return undefined
      })
    )
}

/** Runs what is missing and tells how far the experiment is. */
async function runPlan(plan: ExperimentPlan, project: Project, session: CommandSession): Promise<number> {
  const { output, signal, progress } = session
  const { jobId } = await orderExperiment(project, plan)
  const job =
    jobId === null ? null : await followJob(project.queue, jobId, { signal, onProgress: progress.show })
  progress.end()
  const status = await describePlan(plan, project.store.read)
  printStatus(status, output)
  output.line(`recorded in ${project.store.path}`)
  output.result({ ...status, project: project.store.path, job })
  if (job === null) return exitCodes.done
  // On standard error alone: with --json the job in the document holds it.
  if (job.error !== null) process.stderr.write(`${explainError(job.error)}\n`)
  return exitCodeOf(job)
}

function addRun(experiment: Command): void {
  experiment
    .command('run')
    .description('run what is missing of an experiment; interrupted, it goes on where it was')
    .argument('<file>', 'experiment file')
    .requiredOption('--project <file>', 'project that keeps everything; made where it is not there')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage experiment run paper.experiment.yaml --project paper.anchorage'
    )
    .action((file: string, { project: path }: { project: string }, command: Command) =>
      runInSession(command, async (session) => {
        const plan = await planExperimentFile(file, session, path)
        return await inProject(path, session, async (project) => {
          return await runPlan(plan, project, session)
        })
      })
    )
}

function addStatus(experiment: Command): void {
  experiment
    .command('status')
    .description(
      'say how far an experiment is that runs, or ran, in a project; does not disturb who writes it'
    )
    .argument('<file>', 'experiment file')
    .requiredOption('--project <file>', 'project that it runs in')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage experiment status paper.experiment.yaml --project paper.anchorage'
    )
    .action((file: string, { project }: { project: string }, command: Command) =>
      runInSession(command, async ({ output }) => {
        const { status, fileHasChanged } = await readExperimentIn(
          await readExperiment(resolve(file)),
          resolve(project)
        )
        printStatus(status, output)
        if (fileHasChanged) output.line('note: the experiment file was changed since it was last run here')
        output.result({ ...status, fileHasChanged })
        return undefined
      })
    )
}

function addSchema(experiment: Command): void {
  experiment
    .command('schema')
    .description('print the JSON Schema of experiment files, for editors')
    .addHelpText('after', '\nExample:\n  $ anchorage experiment schema > experiment.schema.json')
    .action(() => {
      process.stdout.write(`${JSON.stringify(experimentJsonSchema(), null, 2)}\n`)
    })
}

export function addExperimentCommands(experiment: Command): void {
  addNew(experiment)
  addPlan(experiment)
  addRun(experiment)
  addStatus(experiment)
  addExperimentRace(experiment)
  addExperimentReport(experiment)
  addSchema(experiment)
  addExperimentElsewhere(experiment)
}
