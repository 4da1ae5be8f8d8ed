/** The options of `anchorage transfer`, and the order that they make. */
import { resolve } from 'node:path'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { WrittenFormat } from '#engine/common/contract/prompts.ts'
import type { Centre, MaskSettings } from '#engine/common/contract/transfer.ts'
import type { TransferOrder } from '#main/experiments/transfers/order-transfer.ts'
import type { ExportSettings } from '#main/export/export-prompts.ts'
import { modelFolder } from './model-folder.ts'
import type { CommandSession } from './session.ts'

export type TransferOptions = {
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
  readonly centre: Centre
  readonly solver: 'exact' | 'adam'
  readonly ridge: number
  readonly steps: number
  readonly learningRate: number
  readonly select: 'last' | 'lowest-loss'
  readonly seeds?: readonly number[]
  readonly rescale: 'after' | 'inside' | 'none'
  readonly device: string
  readonly project: string
  readonly out: string
  readonly format: WrittenFormat
  readonly padRows?: boolean
  readonly overwrite?: boolean
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

/** The anchors of the file, or the words that all models share by the paper's rule. */
export async function findAnchors(
  sources: readonly string[],
  options: AnchorOptions,
  session: CommandSession
): Promise<AnchorSet> {
  const { engine, signal, progress } = session
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
  anchors: AnchorSet
): MaskSettings {
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

/** The transfer that the options ask for. */
export function orderOf(
  options: TransferOptions,
  sources: TransferOrder['sources'],
  anchors: AnchorSet
): TransferOrder {
  const { seeds = [0] } = options
  const [seed = 0] = seeds
  return {
    sources,
    target: { folder: modelFolder(options.target) },
    anchors,
    settings: {
      mask: maskOf(options, anchors),
      centre: options.centre,
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
    seeds
  }
}

export function exportSettingsOf({ out, format, padRows, overwrite }: TransferOptions): ExportSettings {
  return { folder: resolve(out), format, padRows: padRows === true, overwrite: overwrite === true }
}
