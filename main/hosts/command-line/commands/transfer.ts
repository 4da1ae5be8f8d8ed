/** `anchorage transfer`: transfers prompts from sources to a target, recorded in a project, exported as files. */
import { type Command, Option } from 'commander'
import { explainError } from '#engine/common/contract/errors.ts'
import { writtenFormats } from '#engine/common/contract/prompts.ts'
import { centreSchema, defaultCentre, defaultRidge } from '#engine/common/contract/transfer.ts'
import { prepareTransfer } from '#main/experiments/transfers/order-transfer.ts'
import { checkExport, exportRuns } from '#main/export/export-runs.ts'
import type { Project } from '#main/project/project.ts'
import type { Job } from '#main/queue/queue.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { followJob } from '../follow-job.ts'
import { inProject } from '../in-project.ts'
import { parseNonNegative, parsePositive, parsePositiveInteger, parseSeeds } from '../numbers.ts'
import { type CommandSession, runInSession } from '../session.ts'
import {
  collect,
  exportSettingsOf,
  findAnchors,
  orderOf,
  pairSources,
  type TransferOptions
} from '../transfer-options.ts'
import { printRuns } from '../transfer-report.ts'

/** Writes the prompts of a job that has ended and tells of it: what finished, where the rest did not. */
async function exportAndTell(
  project: Project,
  job: Job,
  notes: readonly string[],
  options: TransferOptions,
  { output }: CommandSession
): Promise<void> {
  const { read, path } = project.store
  const exported = await exportRuns(project, await read.runs.byJob(job.id), exportSettingsOf(options))
  output.line(job.title)
  output.line()
  const runs = await printRuns(project, job.id, output)
  if (runs.length > 0) output.line()
  const exportNotes = exported.flatMap((one) => one.notes)
  for (const note of new Set([...notes, ...exportNotes])) output.line(`note: ${note}`)
  const cells = await read.jobs.cells(job.id)
  output.line(`${exported.length} of ${cells.length} prompts written to ${options.out}`)
  output.line(`recorded in ${path}`)
  if (exported.length < cells.length) output.line(`the rest: anchorage project resume ${path}`)
  output.result({ job, runs, files: exported.flatMap(({ files }) => files), notes, project: path })
}

async function transfer(options: TransferOptions, session: CommandSession): Promise<number> {
  const { signal, progress } = session
  const sources = pairSources(options)
  const anchors = await findAnchors(options.source, options, session)
  return await inProject(options.project, session, async (project) => {
    const { job, notes } = await prepareTransfer(project, orderOf(options, sources, anchors), signal)
    await checkExport(
      exportSettingsOf(options),
      job.cells.map(({ label }) => label)
    )
    const ended = await followJob(project, await project.queue.add(job), session)
    progress.end()
    await exportAndTell(project, ended, notes, options, session)
    // On standard error alone: with --json the job in the document holds it.
    if (ended.error !== null) process.stderr.write(`${explainError(ended.error)}\n`)
    return exitCodeOf(ended)
  })
}

export function addTransferCommand(program: Command): void {
  program
    .command('transfer')
    .description('transfer prompts from one or more source models to a target')
    .requiredOption('--source <model>', 'source model folder; once per source', collect(String))
    .requiredOption(
      '--prompt <path>',
      'prompt of that source: a file, an adapter folder, or a tree of relations',
      collect(String)
    )
    .option('--weight <w>', 'weight of that source (default: 1 each)', collect(parsePositive))
    .option(
      '--vectors <m>',
      'only the first m rows of each prompt (OptiPrompt files always hold 10)',
      parsePositiveInteger
    )
    .requiredOption('--target <model>', 'target model folder')
    .requiredOption('--out <folder>', 'where the prompts and their manifests are written')
    .addOption(
      new Option('--format <format>', 'format of the prompts').choices(writtenFormats).default('optiprompt')
    )
    .option('--project <file>', 'project file that records everything', 'transfers.anchorage')
    .option('--anchors <file>', 'anchors to use (default: every word that the models share)')
    .addOption(
      new Option('--case <policy>', 'fold: let a model that lower-cases share words')
        .choices(['exact', 'fold'])
        .default('exact')
    )
    .addOption(
      new Option('--mask <kind>', 'top-k: per vector; common-top-k: one for all; all: no mask')
        .choices(['top-k', 'common-top-k', 'all'])
        .default('top-k')
    )
    .option('--k <k>', 'anchors kept by the mask, at most', parsePositiveInteger, 8192)
    .addOption(
      new Option('--mask-from <rule>', "top-k of the sum of codes, or of the last source (the paper's code)")
        .choices(['sum', 'last'])
        .default('sum')
    )
    .addOption(
      new Option('--centre <which>', "mean: without the anchors' mean, which is put back; none: the paper's")
        .choices(centreSchema.options)
        .default(defaultCentre)
    )
    .addOption(
      new Option('--solver <solver>', "exact, or the paper's search")
        .choices(['exact', 'adam'])
        .default('exact')
    )
    .option('--ridge <lambda>', 'exact: λ of the ridge, 0 for the optimum', parseNonNegative, defaultRidge)
    .option('--steps <n>', 'adam: steps', parsePositiveInteger, 2000)
    .option('--learning-rate <rate>', 'adam: learning rate', parsePositive, 5e-3)
    .addOption(
      new Option('--select <rule>', 'adam: which step is the result')
        .choices(['lowest-loss', 'last'])
        .default('lowest-loss')
    )
    .option('--seeds <list>', 'adam: seeds, separated by commas; a prompt each (default: 0)', parseSeeds, [0])
    .addOption(
      new Option('--rescale <when>', 'Eq. 6 after the search, inside its steps (adam), or not')
        .choices(['after', 'inside', 'none'])
        .default('after')
    )
    .option('--device <name>', 'cpu, webgpu, cuda, …, or auto', 'auto')
    .option('--pad-rows', 'optiprompt: fill up to the 10 rows that its code reads')
    .option('--overwrite', 'replace prompt files that are there')
    .addHelpText(
      'after',
      `
Examples:
  $ anchorage transfer --source bert-base --prompt P19/prompt_vecs.npy --vectors 5 --target roberta-large --out transferred
  $ anchorage transfer --source bert-base --prompt prompts/bert-base --source roberta-base --prompt prompts/roberta-base \\
      --vectors 5 --target albert-base --case fold --out transferred --project experiment.anchorage`
    )
    .action((options: TransferOptions, command: Command) =>
      runInSession(command, (session) => transfer(options, session))
    )
}
