/** The options that some methods have alone, and the method that they make. */
import type { Command } from 'commander'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  baselineMethods,
  type TransferMethod,
  transferMethodSchema,
  whatCounts
} from '#engine/common/contract/methods.ts'
import { defaultRidgeOf } from '#engine/common/contract/transfer.ts'
import { parseNonNegative, parsePositive, parsePositiveInteger } from './numbers.ts'

/** Random vectors are no transfer, and are asked for beside the baselines. */
type Kind = TransferMethod['kind'] | 'random'

/** The settings that some methods have alone, as options of their names: as the method has them where they are not given. */
export type MethodOptions = {
  /** By the centring where it is not given. */
  readonly ridge?: number
  readonly lambda?: number
  readonly atoms?: number
  readonly steps?: number
  readonly learningRate?: number
  readonly select?: 'last' | 'lowest-loss'
  readonly rescale?: 'after' | 'inside' | 'none'
}

/** What `--ridge` is where it is not given. */
export const ridgeHelp = `default: ${defaultRidgeOf('mean')}; without centring ${defaultRidgeOf('none')}`

/** Adds the settings of the method's searches. */
export function addSearchSettings(command: Command): Command {
  const [, adam] = transferMethodSchema.options
  return command
    .option('--ridge <lambda>', `exact: λ of the ridge, 0 for the optimum (${ridgeHelp})`, parseNonNegative)
    .option(
      '--steps <n>',
      `adam: steps (default: ${adam.parse({ kind: 'adam' }).steps})`,
      parsePositiveInteger
    )
}

/** Adds the settings that baselines have alone. */
export function addBaselineSettings(command: Command): Command {
  const [, , , , ridge, , , , sparseCodes] = baselineMethods
  return command
    .option(
      '--lambda <lambda>',
      `ridge: λ (default: ${ridge.parse({ kind: 'ridge' }).lambda})`,
      parsePositive
    )
    .option(
      '--atoms <n>',
      `sparse-codes: anchors per vector, at most (default: ${sparseCodes.parse({ kind: 'sparse-codes' }).atoms})`,
      parsePositiveInteger
    )
}

const settingsOf = (kind: Kind) =>
  transferMethodSchema.options.find(({ shape }) => shape.kind.value === kind)?.shape ?? {}

/** The options that not every method has, as they are written. */
const writtenAs: Readonly<Record<string, string>> = {
  ridge: '--ridge',
  lambda: '--lambda',
  atoms: '--atoms',
  steps: '--steps',
  learningRate: '--learning-rate',
  select: '--select',
  mask: '--mask',
  k: '--k',
  maskFrom: '--mask-from',
  centre: '--centre'
}

/** Those of them that a method has. */
function optionsOf(kind: Kind): ReadonlySet<string> {
  const counts = whatCounts({ kind })
  return new Set([
    ...Object.keys(settingsOf(kind)).map((name) => (name === 'selection' ? 'select' : name)),
    ...(counts.mask ? ['mask', 'k', 'maskFrom'] : []),
    ...(counts.anchors ? ['centre'] : [])
  ])
}

/**
 * Refuses options of other methods that were given: passed over, they would make believe that the result is under them.
 * @throws `bad-argument`
 */
export function refuseOptionsOfOthers(kind: Kind, command: Command): void {
  const own = optionsOf(kind)
  for (const [name, option] of Object.entries(writtenAs)) {
    if (own.has(name) || command.getOptionValueSource(name) !== 'cli') continue
    const expected = command.options
      .map((known) => known.attributeName())
      .flatMap((known) => (own.has(known) ? (writtenAs[known] ?? []) : []))
    throw new AnchorageError('bad-argument', `${option} is a setting of other methods.`, {
      where: option,
      found: `the method ${kind}`,
      expected: expected.length === 0 ? 'no setting' : expected.join(', '),
      next: 'Leave it out, or name another method.'
    })
  }
}

/**
 * The method with those of the options that are its settings.
 * @throws `bad-argument` for a value that the method does not take
 */
export function methodOf(
  kind: TransferMethod['kind'],
  { ridge, lambda, atoms, steps, learningRate, select: selection, rescale }: MethodOptions
): TransferMethod {
  const settings = settingsOf(kind)
  const options = { ridge, lambda, atoms, steps, learningRate, selection, rescale }
  const own = Object.entries(options).filter(([name, value]) => value !== undefined && name in settings)
  const { data, error } = transferMethodSchema.safeParse({ kind, ...Object.fromEntries(own) })
  if (data !== undefined) return data
  throw new AnchorageError('bad-argument', `The settings of ${kind} do not fit.`, {
    where: error.issues.map(({ path }) => path.join('.')).join(', '),
    found: error.issues.map(({ message }) => message).join('; ')
  })
}
