/** `anchorage baseline`: transfers a prompt by a baseline instead of the method, from one source or the average of several. */
import { resolve } from 'node:path'
import { Argument, type Command, Option } from 'commander'
import { defaults } from '#engine/common/contract/defaults.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { type BaselineSettings, baselineRequested, isBaseline } from '#engine/common/contract/methods.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import { type Prompt, type PromptFormat, writtenFormats } from '#engine/common/contract/prompts.ts'
import { type Centre, centreSchema } from '#engine/common/contract/transfer.ts'
import { baselineOutcome } from '#main/experiments/execute/groups/transfer-by-baseline.ts'
import type { ComputedRun } from '#main/experiments/execute/results.ts'
import { runInProject } from '#main/experiments/execute/run-in-project.ts'
import { prepareTransfer, type TransferOrder } from '#main/experiments/plan/order-transfer.ts'
import { inProject } from '../in-project.ts'
import { methodOf, refuseOptionsOfOthers } from '../method-options.ts'
import { modelFolder } from '../model-folder.ts'
import { parseSeed } from '../numbers.ts'
import { formatOf, requireFreePath } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import {
  type AnchorOptions,
  addBaselineOptions,
  addSourceOptions,
  baselineKinds,
  findAnchors,
  pairSources,
  type SourceOptions,
  type TransferOptions
} from '../transfer-options.ts'

type BaselineOptions = AnchorOptions &
  SourceOptions &
  Pick<TransferOptions, 'lambda' | 'atoms' | 'select' | 'device' | 'padRows' | 'overwrite'> & {
    readonly seed: number
    readonly centre: Centre
    readonly rescale: 'after' | 'none'
    readonly out: string
    readonly format?: PromptFormat
    readonly project?: string
  }

type Kind = BaselineSettings['kind'] | 'random'

/** The baseline with those of the options that are its settings; random vectors are what it is held against. */
function baselineOf(kind: Kind, options: BaselineOptions): TransferOrder['settings']['method'] {
  return kind === 'random' ? { kind } : methodOf(kind, options)
}

type ReadSource = { readonly model: ModelReference; readonly prompt: Prompt; readonly weight: number }

/** Reads the prompt of every source as one of its model. */
async function readSources(
  options: BaselineOptions,
  { engine, signal }: CommandSession
): Promise<ReadSource[]> {
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

function present<T>(one: T | null | undefined, what: string): T {
  if (one !== null && one !== undefined) return one
  throw new AnchorageError('internal', `The transfer made no ${what}.`)
}

/** A prompt that was transferred, and what there is to tell of it. */
type Transferred = Pick<ComputedRun, 'loss' | 'chosenStep' | 'notes' | 'seconds'> & {
  readonly vectors: Matrix
  readonly device: string
}

/** Transfers with the engine alone. */
async function transferDirectly(
  { settings, seeds, anchors, target }: TransferOrder,
  rescale: BaselineOptions['rescale'],
  sources: readonly ReadSource[],
  { engine, signal, progress }: CommandSession
): Promise<Transferred> {
  const { method, centre, device } = settings
  const [seed = defaults.seed] = seeds
  const result = await engine.call(
    'baselines.run',
    {
      method: isBaseline(method) ? baselineRequested(method, seed) : { kind: 'random', seed },
      sources: sources.map(({ model, prompt, weight }) => ({ model, prompts: [prompt.vectors], weight })),
      target,
      anchors: anchors?.anchors ?? [],
      centre,
      rescale,
      device
    },
    { signal, onProgress: progress.show }
  )
  const { loss, chosenStep, notes, seconds } = baselineOutcome(method, result)
  const vectors = present(result.prompts[0], 'prompt')
  return { vectors, loss, chosenStep, notes, seconds, device: result.device }
}

/** Transfers in a project, where the result is a run; null for random vectors, which are made again at will. */
async function transferInProject(
  path: string,
  order: TransferOrder,
  session: CommandSession
): Promise<Transferred | null> {
  return await inProject(path, session, async (project) => {
    const { signal, progress } = session
    const { job } = await prepareTransfer(project, order, signal)
    const group = present(job.groups[0], 'group')
    const outcome = await runInProject(project, group, { signal, onProgress: progress.show })
    const run = present(outcome.kind === 'measuring' ? outcome.runs[0] : null, 'run')
    const { vectors, loss, chosenStep, notes, seconds, manifest } = run
    return vectors && { vectors, loss, chosenStep, notes, seconds, device: manifest.device.used }
  })
}

async function baseline(kind: Kind, options: BaselineOptions, session: CommandSession): Promise<void> {
  const { engine, signal, output, progress } = session
  const { centre, rescale, device, format, seed, project, padRows = false, overwrite = false } = options
  const target = { folder: modelFolder(options.target) }
  const path = resolve(options.out)
  if (!overwrite) await requireFreePath(path)
  const sources = await readSources(options, session)
  const order: TransferOrder = {
    sources: pairSources(options),
    target,
    anchors: await findAnchors({ kind }, options.source, options, session),
    settings: { method: baselineOf(kind, options), mask: { kind: 'all' }, centre, rescale, device },
    evaluation: null,
    seeds: [seed],
    taskOf: () => null
  }
  const isRecorded = project !== undefined && kind !== 'random'
  const direct = isRecorded ? null : await transferDirectly(order, rescale, sources, session)
  const recorded = project === undefined ? null : await transferInProject(project, order, session)
  const { vectors, ...transferred } = present(direct ?? recorded, 'prompt')
  const to = await engine.call('models.inspect', target, { signal })
  const { name } = to
  const model = { name, tableFingerprint: to.fingerprint.table }
  const described = sources.map(({ prompt }) => prompt).reduce(joinDescriptions)
  const written = await engine.call('prompts.write', {
    prompt: { ...described, name: `${described.name} (${kind})`, vectors, model },
    format: format ?? formatOf(path),
    path,
    padRows,
    overwrite,
    model: to
  })
  progress.end()
  output.line(`${described.name} transferred to ${name} by ${kind} in ${transferred.seconds.toFixed(1)} s`)
  const notes = [...described.warnings, ...transferred.notes, ...written.notes]
  for (const note of notes) output.line(`note: ${note}`)
  for (const file of written.files) output.line(`written ${file}`)
  if (project !== undefined) output.line(`recorded in ${project}`)
  output.result({ ...transferred, notes, files: written.files })
}

export function addBaselineCommand(command: Command): void {
  command.addArgument(new Argument('<method>', 'baseline').choices([...baselineKinds, 'random']))
  addBaselineOptions(addSourceOptions(command))
    .requiredOption('--out <path>', 'file to write; for peft the folder')
    .addOption(
      new Option('--format <format>', 'format to write (default: by the name)').choices(writtenFormats)
    )
    .addOption(
      new Option('--centre [which]', 'take the means of the anchors out first, and put the target’s back')
        .choices(centreSchema.options)
        .preset('mean')
        .default('none')
    )
    .option('--project <file>', 'project file that records the result as a run')
    .option('--seed <n>', 'random, projector: seed', parseSeed, defaults.seed)
    .addOption(
      new Option('--rescale <when>', 'Eq. 6 on the result, or not').choices(['after', 'none']).default('none')
    )
    .addHelpText(
      'after',
      `
Examples:
  $ anchorage baseline procrustes --source bert-base --prompt P19/prompt_vecs.npy --vectors 5 \\
      --target roberta-large --out P19-procrustes.safetensors
  $ anchorage baseline inverse-relative --source bert-base --prompt bert/P19/prompt_vecs.npy \\
      --source roberta-base --prompt roberta/P19/prompt_vecs.npy --weight 2 --weight 1 --vectors 5 \\
      --target roberta-large --rescale after --out P19.safetensors`
    )
    .action((kind: Kind, options: BaselineOptions, command: Command) =>
      runInSession(command, async (session) => {
        refuseOptionsOfOthers(kind, command)
        await baseline(kind, options, session)
        return undefined
      })
    )
}
