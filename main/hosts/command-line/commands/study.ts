/** `anchorage study`: studies from one file, planned, run, looked at, and run on other machines. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { explainError } from '#engine/common/contract/errors.ts'
import { orderStudy } from '#main/experiments/execute/order-study.ts'
import type { StudyPlan } from '#main/experiments/plan/study-plan.ts'
import { describePlan, describePlanIn, readStudyIn } from '#main/experiments/report/study-status.ts'
import { readStudy } from '#main/experiments/spec/read-study.ts'
import { studyJsonSchema } from '#main/experiments/spec/study-file.ts'
import { makeStudyFile } from '#main/experiments/spec/study-templates.ts'
import { openOrCreateProject, type Project } from '#main/project/project.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { followJob } from '../follow-job.ts'
import { planStudyFile } from '../plan-study-file.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { printStatus } from '../study-status-text.ts'
import { addStudyElsewhere } from './study-elsewhere.ts'
import { addStudyReport } from './study-report.ts'

/** The assets lie beside `out/`. */
const templates = fileURLToPath(new URL('../assets/studies', import.meta.url))

function addNew(study: Command): void {
  study
    .command('new')
    .description('make a study file from a template')
    .argument('<file>', 'study file to make, such as my.study.yaml')
    .option('--template <name>', 'ablation, matching, paper, pair or sources', 'pair')
    .addHelpText('after', '\nExample:\n  $ anchorage study new --template paper paper.study.yaml')
    .action((file: string, { template }: { template: string }, command: Command) =>
      runInSession(command, async ({ output }) => {
        const path = resolve(file)
        await makeStudyFile(templates, template, path)
        output.line(`made ${path}: name your models and tasks in it`)
        output.line(`then: anchorage study plan ${file}`)
        output.result({ file: path })
        return undefined
      })
    )
}

function addPlan(study: Command): void {
  study
    .command('plan')
    .description('say what a study will compute, what is done of it already, and how long the rest takes')
    .argument('<file>', 'study file')
    .option('--project <file>', 'project that holds what is done')
    .addHelpText('after', '\nExample:\n  $ anchorage study plan paper.study.yaml --project paper.anchorage')
    .action((file: string, { project }: { project?: string }, command: Command) =>
      runInSession(command, async (session) => {
        const plan = await planStudyFile(file, session)
        const status = await describePlanIn(plan, project === undefined ? undefined : resolve(project))
        printStatus(status, session.output)
        session.output.result(status)
        return undefined
      })
    )
}

/** Runs what is missing and tells how far the study is. */
async function runPlan(plan: StudyPlan, project: Project, session: CommandSession): Promise<number> {
  const { output, progress } = session
  const { jobId } = await orderStudy(project, plan)
  const job = jobId === null ? null : await followJob(project, jobId, session)
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

function addRun(study: Command): void {
  study
    .command('run')
    .description('run what is missing of a study; interrupted, it goes on where it was')
    .argument('<file>', 'study file')
    .requiredOption('--project <file>', 'project that keeps everything; made where it is not there')
    .addHelpText('after', '\nExample:\n  $ anchorage study run paper.study.yaml --project paper.anchorage')
    .action((file: string, { project: path }: { project: string }, command: Command) =>
      runInSession(command, async (session) => {
        const plan = await planStudyFile(file, session)
        const project = await openOrCreateProject(resolve(path), session.engine)
        try {
          return await runPlan(plan, project, session)
        } finally {
          await project.close()
        }
      })
    )
}

function addStatus(study: Command): void {
  study
    .command('status')
    .description('say how far a study is that runs, or ran, in a project; does not disturb who writes it')
    .argument('<file>', 'study file')
    .requiredOption('--project <file>', 'project that it runs in')
    .addHelpText('after', '\nExample:\n  $ anchorage study status paper.study.yaml --project paper.anchorage')
    .action((file: string, { project }: { project: string }, command: Command) =>
      runInSession(command, async ({ output }) => {
        const { status, fileHasChanged } = await readStudyIn(await readStudy(resolve(file)), resolve(project))
        printStatus(status, output)
        if (fileHasChanged) output.line('note: the study file was changed since it was last run here')
        output.result({ ...status, fileHasChanged })
        return undefined
      })
    )
}

function addSchema(study: Command): void {
  study
    .command('schema')
    .description('print the JSON Schema of study files, for editors')
    .addHelpText('after', '\nExample:\n  $ anchorage study schema > study.schema.json')
    .action(() => {
      process.stdout.write(`${JSON.stringify(studyJsonSchema(), null, 2)}\n`)
    })
}

export function addStudyCommands(program: Command): void {
  const study = program.command('study').description('compare methods on many models and tasks from one file')
  addNew(study)
  addPlan(study)
  addRun(study)
  addStatus(study)
  addStudyReport(study)
  addSchema(study)
  addStudyElsewhere(study)
}
