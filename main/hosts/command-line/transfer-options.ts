/** The options of `anchorage transfer` and `anchorage baseline`, and the order that they make. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { defaults } from '#engine/common/contract/defaults.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  baselineMethods,
  isBaseline,
  type TransferMethod,
  transferMethodSchema,
  whatCounts
} from '#engine/common/contract/methods.ts'
import type { WrittenFormat } from '#engine/common/contract/prompts.ts'
import {
  type Centre,
  defaultCentre,
  defaultRidgeOf,
  type MaskSettings
} from '#engine/common/contract/transfer.ts'
import type { TransferOrder } from '#main/experiments/plan/order-transfer.ts'
import type { ExportSettings } from '#main/export/export-prompts.ts'
import { addBaselineSettings, type MethodOptions, methodOf } from './method-options.ts'
import { modelFolder } from './model-folder.ts'
import { parsePositive, parsePositiveInteger } from './numbers.ts'
import type { CommandSession } from './session.ts'

export type TransferOptions = MethodOptions & {
  readonly source: readonly string[]
  readonly prompt: readonly string[]
  readonly weight?: readonly number[]
  readonly vectors?: number
  readonly target: string
  readonly anchors?: string
  readonly case: 'exact' | 'fold'
  readonly mask: MaskSettings['kind']
  readonly k: number
  readonly maskFrom: 'sum' | 'last'
  /** By the method where it is not given. */
  readonly centre?: Centre
  readonly method: TransferMethod['kind']
  readonly seeds: readonly number[]
  readonly device: string
  readonly project: string
  readonly out: string
  readonly format: WrittenFormat
  readonly padRows?: boolean
  readonly overwrite?: boolean
}

export const transferKinds = transferMethodSchema.options.map(({ shape }) => shape.kind.value)
export const baselineKinds = baselineMethods.map(({ shape }) => shape.kind.value)

/** Adds the options that name target and anchors. */
export function addTargetOptions(command: Command): Command {
  return command
    .requiredOption('--target <model>', 'target model folder')
    .option('--anchors <file>', 'anchors to use (default: every word that the models share)')
    .addOption(
      new Option('--case <policy>', 'fold: let a model that lower-cases share words')
        .choices(['exact', 'fold'])
        .default('exact')
    )
}

/** Adds the options that name sources, target and anchors. */
export function addSourceOptions(command: Command): Command {
  return addTargetOptions(
    command
      .requiredOption('--source <model>', 'source model folder; once per source', collect(String))
      .requiredOption(
        '--prompt <path>',
        'prompt of that source: a file, an adapter folder, or for transfer a tree of relations',
        collect(String)
      )
      .option('--weight <w>', 'weight of that source (default: 1 each)', collect(parsePositive))
      .option(
        '--vectors <m>',
        'only the first m rows of each prompt (OptiPrompt files always hold 10)',
        parsePositiveInteger
      )
  )
}

/** Adds the settings of baselines, and which step of what is searched or trained is the result. */
export function addBaselineOptions(command: Command): Command {
  return addBaselineSettings(command)
    .addOption(
      new Option(
        '--select <rule>',
        'adam, projector: which step or epoch is the result (default: lowest-loss)'
      ).choices(['lowest-loss', 'last'])
    )
    .option('--device <name>', 'cpu, webgpu, cuda, …, or auto', 'auto')
    .option('--pad-rows', 'optiprompt: fill up to the 10 rows that its code reads')
    .option('--overwrite', 'replace what is there')
}

/** Reads an option that may be given several times. */
export function collect<T>(parse: (text: string) => T): (text: string, before?: T[]) => T[] {
  return (text, before = []) => [...before, parse(text)]
}

/** What names sources. */
export type SourceOptions = Pick<TransferOptions, 'source' | 'prompt' | 'weight' | 'vectors'>

/**
 * Sources, prompts and weights, which belong together in the order given.
 * @throws `bad-argument` where their numbers differ
 */
export function pairSources(options: SourceOptions): TransferOrder['sources'] {
  const { source, prompt, weight = [], vectors } = options
  const weightsFit = weight.length === 0 || weight.length === source.length
  if (source.length !== prompt.length || !weightsFit) {
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
    model: { folder: modelFolder(folder) },
    prompt: { path: resolve(prompt[index] ?? ''), ...(vectors === undefined ? {} : { vectors }) },
    weight: weight[index] ?? 1
  }))
}

/** Where anchors come from. */
export type AnchorOptions = Pick<TransferOptions, 'anchors' | 'case' | 'target'>

/** The anchors for a method; null where it needs none. */
export async function findAnchors(
  method: Parameters<typeof whatCounts>[0],
  sources: readonly string[],
  options: AnchorOptions,
  session: CommandSession
): Promise<AnchorSet | null> {
  return whatCounts(method).anchors ? await sharedAnchors(sources, options, session) : null
}

/** The anchors of the file, or the words that all models share by the paper's rule. */
export async function sharedAnchors(
  sources: readonly string[],
  options: AnchorOptions,
  { engine, signal, progress }: CommandSession
): Promise<AnchorSet> {
  if (options.anchors !== undefined) {
    return await engine.call('anchors.read', { path: resolve(options.anchors) }, { signal })
  }
  const folders = [...new Set([...sources, options.target].map((folder) => modelFolder(folder)))]
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
export function maskOf(
  { mask, k, maskFrom }: Pick<TransferOptions, 'mask' | 'k' | 'maskFrom'>,
  anchors: AnchorSet | null
): MaskSettings {
  const kept = Math.min(k, anchors?.anchors.length ?? k)
  switch (mask) {
    case 'all':
      return { kind: 'all' }
    case 'top-k':
      return { kind: 'top-k', k: kept, from: maskFrom }
    case 'common-top-k':
      return { kind: 'common-top-k', k: kept }
  }
}

/** The transfer that the options ask for. */
export function orderOf(
  options: TransferOptions,
  sources: TransferOrder['sources'],
  anchors: AnchorSet | null
): TransferOrder {
  const { seeds, device, rescale = defaults.rescale } = options
  // A baseline is what it is called, unless it is asked to be more.
  const { centre = isBaseline({ kind: options.method }) ? 'none' : defaultCentre } = options
  const { ridge = defaultRidgeOf(centre) } = options
  const method = methodOf(options.method, { ...options, ridge })
  return {
    sources,
    target: { folder: modelFolder(options.target) },
    anchors,
    settings: {
      mask: maskOf(options, anchors),
      centre: whatCounts(method).anchors ? centre : 'none',
      method,
      rescale,
      device
    },
    evaluation: null,
    seeds,
    taskOf: () => null
  }
}

export function exportSettingsOf({ out, format, padRows, overwrite }: TransferOptions): ExportSettings {
  return { folder: resolve(out), format, padRows: padRows === true, overwrite: overwrite === true }
}
