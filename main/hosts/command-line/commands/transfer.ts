/** `anchorage transfer`: transfers prompts from sources to a target, recorded in a project, exported as files. */
import { type Command, Option } from 'commander'
import { defaults } from '#engine/common/contract/defaults.ts'
import { explainError } from '#engine/common/contract/errors.ts'
import { transferMethodSchema } from '#engine/common/contract/methods.ts'
import { writtenFormats } from '#engine/common/contract/prompts.ts'
import { centreSchema, defaultCentre } from '#engine/common/contract/transfer.ts'
import { prepareTransfer } from '#main/experiments/plan/order-transfer.ts'
import { jobOf } from '#main/experiments/plan/registered-inputs.ts'
import { checkExport, exportRuns } from '#main/export/export-runs.ts'
import type { Project } from '#main/project/project.ts'
import { followJob } from '#main/queue/follow-job.ts'
import type { Job } from '#main/queue/queue.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { inProject } from '../in-project.ts'
import { addSearchSettings, refuseOptionsOfOthers } from '../method-options.ts'
import { parsePositive, parsePositiveInteger, parseSeeds } from '../numbers.ts'
import { type CommandSession, runInSession } from '../session.ts'
import {
  addBaselineOptions,
  addSourceOptions,
  exportSettingsOf,
  findAnchors,
  orderOf,
  pairSources,
  type TransferOptions,
  transferKinds
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
  const anchors = await findAnchors({ kind: options.method }, options.source, options, session)
  return await inProject(options.project, session, async (project) => {
    const { job, notes } = await prepareTransfer(project, orderOf(options, sources, anchors), signal)
    await checkExport(
      exportSettingsOf(options),
      job.groups.map(({ label }) => label)
    )
    const ended = await followJob(project.queue, await project.queue.add(jobOf(job)), {
      signal,
      onProgress: progress.show
    })
    progress.end()
    await exportAndTell(project, ended, notes, options, session)
    // On standard error alone: with --json the job in the document holds it.
    if (ended.error !== null) process.stderr.write(`${explainError(ended.error)}\n`)
    return exitCodeOf(ended)
  })
}

export function addTransferCommand(command: Command): void {
  const adam = transferMethodSchema.options[1].parse({ kind: 'adam' })
  addSearchSettings(addBaselineOptions(addSourceOptions(command)))
    .requiredOption('--out <folder>', 'where the prompts and their manifests are written')
    .addOption(
      new Option('--format <format>', 'format of the prompts').choices(writtenFormats).default('optiprompt')
    )
    .option('--project <file>', 'project file that records everything', 'transfers.anchorage')
    .addOption(
      new Option(
        '--method <kind>',
        "exact or adam (the paper's search), or a baseline, which averages sources"
      )
        .choices(transferKinds)
        .default('exact')
    )
    .addOption(
      new Option('--mask <kind>', 'top-k: per vector; common-top-k: one for all; all: no mask')
        .choices(['all', 'top-k', 'common-top-k'])
        .default(defaults.mask.kind)
    )
    .option('--k <k>', 'anchors kept by the mask, at most', parsePositiveInteger, defaults.kept)
    .addOption(
      new Option('--mask-from <rule>', "top-k of the sum of codes, or of the last source (the paper's code)")
        .choices(['sum', 'last'])
        .default('sum')
    )
    .addOption(
      new Option(
        '--centre <which>',
        `mean: without the anchors' mean, which is put back; none: the paper's (default: ${defaultCentre}; baselines: none)`
      ).choices(centreSchema.options)
    )
    .option(
      '--learning-rate <rate>',
      `adam, projector: learning rate (default: ${adam.learningRate})`,
      parsePositive
    )
    .addOption(
      new Option('--seeds <list>', 'adam, projector: seeds, separated by commas; a prompt each')
        .argParser(parseSeeds)
        .default([defaults.seed], String(defaults.seed))
    )
    .addOption(
      new Option(
        '--rescale <when>',
        'Eq. 6 after the search, inside its steps (adam), or not (default: after; baselines: none)'
      ).choices(['after', 'inside', 'none'])
    )
    .addHelpText(
      'after',
      `
Examples:
  $ anchorage transfer --source bert-base --prompt P19/prompt_vecs.npy --vectors 5 --target roberta-large --out transferred
  $ anchorage transfer --source bert-base --prompt prompts/bert-base --source roberta-base --prompt prompts/roberta-base \\
      --vectors 5 --target albert-base --case fold --out transferred --project experiment.anchorage
  $ anchorage transfer --method procrustes --source bert-base --prompt prompts/bert-base --vectors 5 \\
      --target albert-base --out procrustes --project experiment.anchorage`
    )
    .action((options: TransferOptions, command: Command) =>
      runInSession(command, (session) => {
        refuseOptionsOfOthers(options.method, command)
        return transfer(options, session)
      })
    )
}
