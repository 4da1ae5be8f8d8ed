/** `anchorage transfer`: carries prompts from sources to a target, recorded in a project, exported as files. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { AnchorSet } from '../../../../engine/contract/anchors.ts'
import { AnchorageError, errorFromData } from '../../../../engine/contract/errors.ts'
import { type PromptFormat, promptFormats } from '../../../../engine/contract/prompts.ts'
import { defaultRidge, type MaskSettings } from '../../../../engine/contract/transfer.ts'
import { exportRuns, runLabel } from '../../../workbench/export-runs.ts'
import { openOrCreateProject, type Project } from '../../../workbench/project.ts'
import { orderTransfer, type TransferOrder } from '../../../workbench/transfers/order-transfer.ts'
import { exitCodes } from '../exit-codes.ts'
import { followJob } from '../follow-job.ts'
import type { Output } from '../output.ts'
import { type CommandSession, parsePositiveInteger, runInSession } from '../session.ts'

type TransferOptions = {
  readonly source: readonly string[]
  readonly prompt: readonly string[]
  readonly weight: readonly number[]
  readonly vectors?: number
  readonly target: string
  readonly anchors?: string
  readonly case: 'exact' | 'fold'
  readonly mask: MaskSettings['kind']
  readonly k: number
  readonly maskFrom: 'sum' | 'last'
  readonly solver: 'exact' | 'adam'
  readonly ridge: number
  readonly steps: number
  readonly learningRate: number
  readonly select: 'last' | 'lowest-loss'
  readonly seeds: readonly number[]
  readonly rescale: 'after' | 'inside' | 'none'
  readonly device: string
  readonly project: string
  readonly out: string
  readonly format: PromptFormat
  readonly padRows?: boolean
  readonly overwrite?: boolean
}

function parseNumber(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw new AnchorageError('bad-argument', 'A number was not understood.', {
    found: text,
    expected: 'a number of 0 or more'
  })
}

function collect<T>(parse: (text: string) => T): (text: string, before: T[]) => T[] {
  return (text, before) => [...before, parse(text)]
}

/** Sources, prompts and weights belong together in the order given. */
function pairSources(options: TransferOptions): TransferOrder['sources'] {
  const { source, prompt, weight, vectors } = options
  const weightsFit = weight.length === 0 || weight.length === source.length
  if (source.length === 0 || source.length !== prompt.length || !weightsFit) {
    throw new AnchorageError(
      'bad-argument',
      'Every source needs a prompt, and a weight where weights are given.',
      {
        found: `${source.length} sources, ${prompt.length} prompts, ${weight.length} weights`,
        expected: 'as many prompts as sources, and as many weights or none',
        next: 'Write --source MODEL --prompt FILE for each source.'
      }
    )
  }
  return source.map((folder, index) => ({
    model: { folder: resolve(folder) },
    prompt: { path: resolve(prompt[index] ?? ''), ...(vectors === undefined ? {} : { vectors }) },
    weight: weight[index] ?? 1
  }))
}

/** The anchors of the file, or the words that all models share by the paper's rule. */
async function findAnchors(options: TransferOptions, session: CommandSession): Promise<AnchorSet> {
  const { engine, signal, progress } = session
  if (options.anchors !== undefined) {
    return await engine.call('anchors.read', { path: resolve(options.anchors) }, { signal })
  }
  const folders = [...new Set([...options.source, options.target].map((folder) => resolve(folder)))]
  const set = await engine.call(
    'anchors.build',
    {
      name: 'shared',
      models: folders.map((folder) => ({ folder })),
      recipe: { rule: 'single-token', casePolicy: options.case }
    },
    { signal, onProgress: progress.show }
  )
  return { ...set, name: `shared ${set.hash.slice(0, 12)}` }
}

/** At most as many anchors as there are: `k` is a bound, as in the paper. */
function maskOf({ mask, k, maskFrom }: TransferOptions, anchors: AnchorSet): MaskSettings {
  const kept = Math.min(k, anchors.anchors.length)
  switch (mask) {
    case 'all':
      return { kind: 'all' }
    case 'top-k':
      return { kind: 'top-k', k: kept, from: maskFrom }
    case 'common-top-k':
      return { kind: 'common-top-k', k: kept }
  }
}

function orderOf(
  options: TransferOptions,
  sources: TransferOrder['sources'],
  anchors: AnchorSet
): TransferOrder {
  const [seed = 0] = options.seeds
  return {
    sources,
    target: { folder: resolve(options.target) },
    anchors,
    settings: {
      mask: maskOf(options, anchors),
      solver:
        options.solver === 'exact'
          ? { kind: 'exact', ridge: options.ridge }
          : {
              kind: 'adam',
              steps: options.steps,
              learningRate: options.learningRate,
              seed,
              selection: options.select
            },
      rescale: options.rescale,
      device: options.device
    },
    seeds: options.seeds
  }
}

async function printRuns(project: Project, jobId: string, output: Output) {
  const summaries = await project.store.read.runs.byJob(jobId)
  const runs = []
  for (const summary of summaries) {
    const run = await project.store.read.runs.get(summary.id)
    if (run !== undefined) runs.push({ summary, run })
  }
  output.table(
    ['prompt', 'matching', 'per source', 'expressible', 'seconds', 'nearest words'],
    runs.map(({ summary, run }) => {
      const { vectors } = run.report
      const mean = (of: (vector: (typeof vectors)[number]) => number) =>
        vectors.reduce((sum, vector) => sum + of(vector), 0) / vectors.length
      const sources = run.manifest.sources.map((_, index) =>
        mean((vector) => vector.perSource[index] ?? 0).toFixed(4)
      )
      return [
        runLabel(summary),
        summary.meanMatching.toFixed(4),
        sources.join(' '),
        mean((vector) => vector.expressible).toFixed(4),
        summary.seconds.toFixed(2),
        vectors.map(({ nearestWords }) => nearestWords[0]?.token ?? '–').join(' ')
      ]
    })
  )
  const notes = new Set(runs.flatMap(({ run }) => run.report.notes))
  for (const note of notes) output.line(`note: ${note}`)
  return runs.map(({ run }) => run)
}

async function transferAndExport(options: TransferOptions, session: CommandSession): Promise<number> {
  const { engine, signal, output, progress } = session
  const sources = pairSources(options)
  const anchors = await findAnchors(options, session)
  const project = await openOrCreateProject(resolve(options.project), engine)
  try {
    const { jobId, notes } = await orderTransfer(project, orderOf(options, sources, anchors), signal)
    const job = await followJob(project, jobId, session)
    const summaries = await project.store.read.runs.byJob(jobId)
    const exported = await exportRuns(project, summaries, {
      folder: resolve(options.out),
      format: options.format,
      padRows: options.padRows === true,
      overwrite: options.overwrite === true
    })
    progress.end()
    output.line(`${job.title}, ${anchors.anchors.length} anchors (${anchors.name})`)
    output.line()
    const runs = await printRuns(project, jobId, output)
    output.line()
    for (const note of [...notes, ...new Set(exported.flatMap((one) => one.notes))])
      output.line(`note: ${note}`)
    output.line(`${exported.length} of ${await countCells(project, jobId)} prompts written to ${options.out}`)
    output.line(`recorded in ${project.store.path}`)
    output.result({ job, runs, files: exported.flatMap(({ files }) => files), project: project.store.path })
    if (job.state === 'cancelled') return exitCodes.cancelled
    if (job.error !== null) throw errorFromData(job.error)
    return exitCodes.done
  } finally {
    await project.close()
  }
}

async function countCells(project: Project, jobId: string): Promise<number> {
  return Object.values(await project.store.read.jobs.countCells(jobId)).reduce((sum, count) => sum + count, 0)
}

export function addTransferCommand(program: Command): void {
  program
    .command('transfer')
    .description('carry prompts from one or more source models to a target')
    .requiredOption('--source <model>', 'source model folder; once per source', collect(String), [])
    .requiredOption(
      '--prompt <path>',
      'prompt of that source: a file, an adapter folder, or a tree of relations',
      collect(String),
      []
    )
    .option('--weight <w>', 'weight of that source (default: 1 each)', collect(parseNumber), [])
    .option(
      '--vectors <m>',
      'only the first m rows of each prompt (OptiPrompt files always hold 10)',
      parsePositiveInteger
    )
    .requiredOption('--target <model>', 'target model folder')
    .requiredOption('--out <folder>', 'where the prompts and their manifests are written')
    .addOption(
      new Option('--format <format>', 'format of the prompts').choices(promptFormats).default('optiprompt')
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
      new Option('--solver <solver>', "exact, or the paper's search")
        .choices(['exact', 'adam'])
        .default('exact')
    )
    .option('--ridge <lambda>', 'exact: λ of the ridge, 0 for the optimum', parseNumber, defaultRidge)
    .option('--steps <n>', 'adam: steps', parsePositiveInteger, 2000)
    .option('--learning-rate <rate>', 'adam: learning rate', parseNumber, 5e-3)
    .addOption(
      new Option('--select <rule>', 'adam: which step is the result')
        .choices(['lowest-loss', 'last'])
        .default('lowest-loss')
    )
    .option(
      '--seeds <list>',
      'adam: seeds, separated by commas; a prompt each',
      (text) => text.split(',').map(parseNumber),
      [0]
    )
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
  $ anchorage transfer --source bert-base --prompt P19/prompt_vecs.npy --vectors 5 --target roberta-large --out carried
  $ anchorage transfer --source bert-base --prompt prompts/bert-base --source roberta-base --prompt prompts/roberta-base \\
      --vectors 5 --target albert-base --case fold --out carried --project study.anchorage`
    )
    .action((options: TransferOptions, command: Command) =>
      runInSession(command, (session) => transferAndExport(options, session))
    )
}
