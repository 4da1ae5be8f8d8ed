/** `anchorage baseline`: transfers a prompt by a baseline instead of the method, from one source or the average of several. */
import { resolve } from 'node:path'
import { Argument, type Command, Option } from 'commander'
import {
  type BaselineMethod,
  baselineMethodSchema,
  methodsWithoutAnchors
} from '#engine/common/contract/baselines.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import { type Prompt, type PromptFormat, writtenFormats } from '#engine/common/contract/prompts.ts'
import { type Centre, centreSchema, defaultRidge } from '#engine/common/contract/transfer.ts'
import { parsePositive, parsePositiveInteger, parseSeed } from '../numbers.ts'
import { formatOf, requireFreePath } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import {
  type AnchorOptions,
  collect,
  findAnchors,
  pairSources,
  type SourceOptions
} from '../transfer-options.ts'

type BaselineOptions = AnchorOptions &
  SourceOptions & {
    readonly lambda: number
    readonly atoms: number
    readonly centre: Centre
    readonly seed: number
    readonly select: 'lowest-loss' | 'last'
    readonly rescale: 'after' | 'none'
    readonly device: string
    readonly out: string
    readonly format?: PromptFormat
    readonly padRows?: boolean
    readonly overwrite?: boolean
  }

const methodNames = baselineMethodSchema.options.map(({ shape }) => shape.kind.value)

/** The method with those of the options that are its settings. */
function methodOf(kind: BaselineMethod['kind'], options: BaselineOptions): BaselineMethod {
  const { lambda, atoms, seed, select: selection } = options
  return baselineMethodSchema.parse({ kind, lambda, atoms, seed, selection })
}

/** Reads the prompt of every source as one of its model. */
async function readSources(
  options: BaselineOptions,
  { engine, signal }: CommandSession
): Promise<{ model: ModelReference; prompt: Prompt; weight: number }[]> {
  const sources = []
  for (const { model, prompt: choice, weight } of pairSources(options)) {
    const report = await engine.call('models.inspect', model, { signal })
    const prompt = await engine.call('prompts.read', { ...choice, model: report }, { signal })
    sources.push({ model, prompt, weight })
  }
  return sources
}

/** What is known of a prompt made of two: what they have in common, under both names. */
function joinDescriptions(one: Prompt, other: Prompt): Prompt {
  const common = (field: 'task' | 'relation' | 'template') =>
    one[field] === other[field] ? one[field] : null
  return {
    ...one,
    name: one.name === other.name ? one.name : `${one.name} + ${other.name}`,
    task: common('task'),
    relation: common('relation'),
    template: common('template'),
    warnings: [...one.warnings, ...other.warnings]
  }
}

async function baseline(
  kind: BaselineMethod['kind'],
  options: BaselineOptions,
  session: CommandSession
): Promise<void> {
  const { engine, signal, output, progress } = session
  const { centre, rescale, device, format, padRows = false, overwrite = false } = options
  const target = { folder: resolve(options.target) }
  const path = resolve(options.out)
  if (!overwrite) await requireFreePath(path)
  const sources = await readSources(options, session)
  const anchors = methodsWithoutAnchors.some((method) => method === kind)
    ? []
    : (await findAnchors(options.source, options, session)).anchors
  const { prompts, ...transferred } = await engine.call(
    'baselines.run',
    {
      method: methodOf(kind, options),
      sources: sources.map(({ model, prompt, weight }) => ({ model, prompts: [prompt.vectors], weight })),
      target,
      anchors,
      centre,
      rescale,
      device
    },
    { signal, onProgress: progress.show }
  )
  const to = await engine.call('models.inspect', target, { signal })
  const { name } = to
  const model = { name, tableFingerprint: to.fingerprint.table }
  const described = sources.map(({ prompt }) => prompt).reduce(joinDescriptions)
  const written = await Promise.all(
    prompts.map((vectors) =>
      engine.call('prompts.write', {
        prompt: { ...described, name: `${described.name} (${kind})`, vectors, model },
        format: format ?? formatOf(path),
        path,
        padRows,
        overwrite,
        model: to
      })
    )
  )
  const files = written.flatMap((one) => one.files)
  progress.end()
  output.line(`${described.name} transferred to ${name} by ${kind} in ${transferred.seconds.toFixed(1)} s`)
  const notes = [...described.warnings, ...transferred.notes, ...written.flatMap((one) => one.notes)]
  for (const note of notes) output.line(`note: ${note}`)
  for (const file of files) output.line(`written ${file}`)
  output.result({ ...transferred, notes, files })
}

export function addBaselineCommand(program: Command): void {
  program
    .command('baseline')
    .description('transfer a prompt by a baseline instead of the method; several sources are averaged')
    .addArgument(new Argument('<method>', 'baseline').choices(methodNames))
    .requiredOption(
      '--source <model>',
      'model folder that the prompt was tuned on; once per source',
      collect(String)
    )
    .requiredOption('--prompt <path>', 'prompt of that source: a file or an adapter folder', collect(String))
    .option('--weight <w>', 'weight of that source (default: 1 each)', collect(parsePositive))
    .option('--vectors <m>', 'only the first m rows of each prompt', parsePositiveInteger)
    .requiredOption('--target <model>', 'target model folder')
    .requiredOption('--out <path>', 'file to write; for peft the folder')
    .addOption(
      new Option('--format <format>', 'format to write (default: by the name)').choices(writtenFormats)
    )
    .option('--anchors <file>', 'anchors to learn from (default: every word that the models share)')
    .addOption(
      new Option('--case <policy>', 'fold: let a model that lower-cases share words')
        .choices(['exact', 'fold'])
        .default('exact')
    )
    .option('--lambda <lambda>', 'ridge: λ', parsePositive, defaultRidge)
    .option('--atoms <n>', 'sparse-codes: anchors per vector, at most', parsePositiveInteger, 16)
    .addOption(
      new Option('--centre [which]', 'take the means of the anchors out first, and put the target’s back')
        .choices(centreSchema.options)
        .preset('mean')
        .default('none')
    )
    .option('--seed <n>', 'random, projector: seed', parseSeed, 0)
    .addOption(
      new Option('--select <rule>', 'projector: which epoch is used')
        .choices(['lowest-loss', 'last'])
        .default('lowest-loss')
    )
    .addOption(
      new Option('--rescale <when>', 'Eq. 6 on the result, or not')
        .choices(['after', 'none'])
        .default('after')
    )
    .option('--device <name>', 'cpu, webgpu, cuda, …, or auto', 'auto')
    .option('--pad-rows', 'optiprompt: fill up to the 10 rows that its code reads')
    .option('--overwrite', 'replace what is there')
    .addHelpText(
      'after',
      `
Examples:
  $ anchorage baseline procrustes --source bert-base --prompt P19/prompt_vecs.npy --vectors 5 \\
      --target roberta-large --out P19-procrustes.safetensors
  $ anchorage baseline inverse-relative --source bert-base --prompt bert/P19/prompt_vecs.npy \\
      --source roberta-base --prompt roberta/P19/prompt_vecs.npy --weight 2 --weight 1 --vectors 5 \\
      --target roberta-large --out P19.safetensors`
    )
    .action((kind: BaselineMethod['kind'], options: BaselineOptions, command: Command) =>
      runInSession(command, async (session) => {
        await baseline(kind, options, session)
        return undefined
      })
    )
}
