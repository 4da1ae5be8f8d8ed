/** `anchorage baseline`: carries one prompt by another way than the method's, to stand beside a transfer. */
import { resolve } from 'node:path'
import { Argument, type Command, Option } from 'commander'
import {
  type BaselineMethod,
  baselineMethodSchema,
  methodsWithoutAnchors
} from '#engine/common/contract/baselines.ts'
import { type PromptFormat, writtenFormats } from '#engine/common/contract/prompts.ts'
import { defaultRidge } from '#engine/common/contract/transfer.ts'
import { parsePositive, parsePositiveInteger, parseSeed } from '../numbers.ts'
import { formatOf, requireFreePath } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { type AnchorOptions, findAnchors } from '../transfer-options.ts'

type BaselineOptions = AnchorOptions & {
  readonly source: string
  readonly prompt: string
  readonly vectors?: number
  readonly lambda: number
  readonly atoms: number
  readonly centre: boolean
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
  const { lambda, atoms, centre, seed, select: selection } = options
  return baselineMethodSchema.parse({ kind, lambda, atoms, centre, seed, selection })
}

async function baseline(
  kind: BaselineMethod['kind'],
  options: BaselineOptions,
  session: CommandSession
): Promise<void> {
  const { engine, signal, output, progress } = session
  const { vectors, rescale, device, format, padRows = false, overwrite = false } = options
  const [source, target] = [{ folder: resolve(options.source) }, { folder: resolve(options.target) }]
  const path = resolve(options.out)
  if (!overwrite) await requireFreePath(path)
  const from = await engine.call('models.inspect', source, { signal })
  const choice = { path: resolve(options.prompt), vectors, model: from }
  const prompt = await engine.call('prompts.read', choice, { signal })
  const anchors = methodsWithoutAnchors.some((method) => method === kind)
    ? []
    : (await findAnchors([options.source], options, session)).anchors
  const { prompts, ...carried } = await engine.call(
    'baselines.run',
    {
      method: methodOf(kind, options),
      source: { model: source, prompts: [prompt.vectors] },
      target,
      anchors,
      rescale,
      device
    },
    { signal, onProgress: progress.show }
  )
  const to = await engine.call('models.inspect', target, { signal })
  const { name } = to
  const model = { name, tableFingerprint: to.fingerprint.table }
  const written = await Promise.all(
    prompts.map((own) =>
      engine.call('prompts.write', {
        prompt: { ...prompt, name: `${prompt.name} (${kind})`, vectors: own, model },
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
  output.line(`${prompt.name} carried to ${name} by ${kind} in ${carried.seconds.toFixed(1)} s`)
  const notes = [...prompt.warnings, ...carried.notes, ...written.flatMap((one) => one.notes)]
  for (const note of notes) output.line(`note: ${note}`)
  for (const file of files) output.line(`written ${file}`)
  output.result({ ...carried, notes, files })
}

export function addBaselineCommand(program: Command): void {
  program
    .command('baseline')
    .description('carry a prompt by a baseline, to stand beside a transfer')
    .addArgument(new Argument('<method>', 'way of carrying').choices(methodNames))
    .requiredOption('--source <model>', 'model folder that the prompt was tuned on')
    .requiredOption('--prompt <path>', 'prompt file or adapter folder')
    .option('--vectors <m>', 'only the first m rows of the prompt', parsePositiveInteger)
    .requiredOption('--target <model>', 'target model folder')
    .requiredOption('--out <path>', 'file to write; for peft the folder')
    .addOption(
      new Option('--format <format>', 'format to write (default: by the name)').choices(writtenFormats)
    )
    .option('--anchors <file>', 'anchors to learn from (default: every word that both models share)')
    .addOption(
      new Option('--case <policy>', 'fold: let a model that lower-cases share words')
        .choices(['exact', 'fold'])
        .default('exact')
    )
    .option('--lambda <lambda>', 'ridge: λ', parsePositive, defaultRidge)
    .option('--atoms <n>', 'sparse-codes: anchors per vector, at most', parsePositiveInteger, 16)
    .option('--centre', 'procrustes, whitened-procrustes: take the means of the anchors out first', false)
    .option('--seed <n>', 'random, projector: seed', parseSeed, 0)
    .addOption(
      new Option('--select <rule>', 'projector: which epoch carries')
        .choices(['lowest-loss', 'last'])
        .default('lowest-loss')
    )
    .addOption(
      new Option('--rescale <when>', 'Eq. 6 on what was carried, or not')
        .choices(['after', 'none'])
        .default('after')
    )
    .option('--device <name>', 'cpu, webgpu, cuda, …, or auto', 'auto')
    .option('--pad-rows', 'optiprompt: fill up to the 10 rows that its code reads')
    .option('--overwrite', 'replace what is there')
    .addHelpText(
      'after',
      `
Example:
  $ anchorage baseline procrustes --source bert-base --prompt P19/prompt_vecs.npy --vectors 5 \\
      --target roberta-large --out P19-procrustes.safetensors`
    )
    .action((kind: BaselineMethod['kind'], options: BaselineOptions, command: Command) =>
      runInSession(command, async (session) => {
        await baseline(kind, options, session)
        return undefined
      })
    )
}
