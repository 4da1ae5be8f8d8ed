/** `anchorage experiment export`, `group` and `collect`: an experiment on other machines, by Snakemake. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import { explainError } from '#engine/common/contract/errors.ts'
import { durationText } from '#engine/common/format/duration.ts'
import { describePlan } from '#main/experiments/report/experiment-status.ts'
import { collectExperiment, openExported } from '#main/experiments/workflow/collect-experiment.ts'
import { exportSnakemake } from '#main/experiments/workflow/export-snakemake.ts'
import type { Placing } from '#main/experiments/workflow/place-inputs.ts'
import { runGroupFile } from '#main/experiments/workflow/run-group-file.ts'
import { exitCodes } from '../exit-codes.ts'
import { printStatus } from '../experiment-status-text.ts'
import { inProject } from '../in-project.ts'
import { parsePositiveInteger } from '../numbers.ts'
import { planExperimentFile } from '../plan-experiment-file.ts'
import { runInSession } from '../session.ts'

/** The assets lie beside `out/`. */
const workflow = fileURLToPath(new URL('../assets/experiments/snakemake', import.meta.url))
/** A path as one word of a shell command. */
function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

const thisProgram = [process.execPath, fileURLToPath(new URL('./command-line.js', import.meta.url))]
  .map(shellWord)
  .join(' ')

type ExportOptions = {
  readonly snakemake: string
  readonly link?: boolean
  readonly copy?: boolean
  readonly threads: number
  readonly anchorage: string
}

function placingOf({ link = false, copy = false }: ExportOptions): Placing {
  if (link) return 'link'
  return copy ? 'copy' : 'share'
}

function addExport(experiment: Command): void {
  experiment
    .command('export')
    .description('write an experiment as a Snakemake workflow that runs here, on Slurm or in the cloud')
    .argument('<file>', 'experiment file')
    .requiredOption('--snakemake <folder>', 'folder to write; results in it are kept')
    .addOption(
      new Option(
        '--link',
        'symbolic links to models, tasks and prompts, which every node must see there'
      ).conflicts('copy')
    )
    .option('--copy', 'copy models too; else they are hard links where they lie on the same file system')
    .option('--threads <n>', 'processor cores that each job asks for', parsePositiveInteger, 4)
    .option('--anchorage <command>', 'the command that starts Anchorage where the jobs run', thisProgram)
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage experiment export paper.experiment.yaml --snakemake paper-workflow\n  $ cd paper-workflow && snakemake --cores 8'
    )
    .action((file: string, options: ExportOptions, command: Command) =>
      runInSession(command, async (session) => {
        const { snakemake, threads, anchorage } = options
        const folder = resolve(snakemake)
        const plan = await planExperimentFile(file, session)
        const { jobs, longest } = await exportSnakemake(plan, {
          folder,
          workflow,
          placing: placingOf(options),
          anchorage,
          threads
        })
        session.output.line(`${jobs} jobs written to ${folder}; its README.md tells how to run them`)
        if (longest !== null)
          session.output.line(`the longest takes about ${durationText(longest.seconds)}: ${longest.label}`)
        session.output.result({ folder, jobs, longest })
        return undefined
      })
    )
}

function addGroup(experiment: Command): void {
  experiment
    .command('group')
    .description('run one group of an exported experiment: what a job of the workflow does')
    .argument('<file>', 'groups/ID.json of the workflow')
    .requiredOption('--out <file>', 'results/ID.json; prompts that other groups tuned lie beside it')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage experiment group groups/0f3a….json --out results/0f3a….json'
    )
    .action((file: string, { out }: { out: string }, command: Command) =>
      runInSession(command, async ({ engine, signal, output, progress }) => {
        const group = await runGroupFile(file, out, { engine, signal, onProgress: progress.show })
        progress.end()
        output.line(`${group.label}: written to ${out}`)
        output.result({ group: group.id, file: resolve(out) })
        return undefined
      })
    )
}

function addCollect(experiment: Command): void {
  experiment
    .command('collect')
    .description(
      'take the results of an exported experiment into a project; may be asked as often as you like'
    )
    .argument('<folder>', 'folder of the workflow')
    .requiredOption('--project <file>', 'project that keeps them; made where it is not there')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage experiment collect paper-workflow --project paper.anchorage'
    )
    .action((folder: string, { project: path }: { project: string }, command: Command) =>
      runInSession(command, async (session) => {
        const { output } = session
        // Before the project, which would be made for a folder that is none.
        const exported = await openExported(resolve(folder))
        return await inProject(path, session, async (project) => {
          const { plan, ...collected } = await collectExperiment(project, exported)
          const { taken, known, missing, unfinished, refused } = collected
          const status = await describePlan(plan, project.store.read)
          printStatus(status, output)
          output.line(`groups: ${taken} taken, ${known} known already, ${missing} not computed yet`)
          for (const { label, attempts, reason } of unfinished)
            output.line(`  ${label}${attempts > 1 ? `, ${attempts} attempts, the last` : ''}: ${reason}`)
          for (const { error } of refused) process.stderr.write(`${explainError(error)}\n`)
          output.result({ ...status, ...collected, project: project.store.path })
          return refused.length === 0 ? exitCodes.done : exitCodes.failed
        })
      })
    )
}

/** The subcommands of `experiment` for other machines. */
export function addExperimentElsewhere(experiment: Command): void {
  addExport(experiment)
  addGroup(experiment)
  addCollect(experiment)
}
