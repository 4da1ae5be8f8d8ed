/**
 * Chooses a model's word-embedding table among the tensors of its weights: by the name that its family gives
 * it, else by the sizes in config.json. The choice is explained, the others are listed, and a person can name
 * another tensor.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { isFloatingPoint, isQuantised } from '#engine/files/element-types.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import type { ModelConfig } from './model-config.ts'
import { hasEnding, tableNameEndings } from './table-names.ts'

/** The tensors of a model's weights, from one file or from the shards of one index. */
export type WeightsListing = {
  /** The file that was opened, relative to the model folder. */
  readonly file: string
  readonly tensors: readonly StoredTensor[]
  /** The table as a graph uses it, known without any name; null for files that are no graphs. */
  readonly traced: { readonly tensor: StoredTensor; readonly how: string } | null
  /** Remarks: shards that are missing, other files that were not used. */
  readonly notes: readonly string[]
}

export type TableChoice = {
  readonly table: StoredTensor
  /** Why, one sentence. */
  readonly why: string
  readonly alternatives: readonly StoredTensor[]
}

/**
 * Chooses the table.
 * @param named the tensor that a person named, if any
 * @throws `not-found`, `mismatch` where it has not the sizes of config.json, `needs-choice` where several would do
 */
export function chooseTable(listing: WeightsListing, config: ModelConfig, named?: string): TableChoice {
  const matrices = listing.tensors.filter(isMatrix)
  const choice =
    named === undefined ? (byTrace(listing) ?? byName(matrices, listing, config)) : byWish(listing, named)
  const { table, why } = choice ?? bySize(matrices, listing, config)
  if (named === undefined) requireSizes(table, config, matrices)
  const alternatives = matrices.filter((tensor) => tensor !== table && couldBeTable(tensor, table, config))
  return { table, why, alternatives }
}

type Found = Omit<TableChoice, 'alternatives'>

/** A table has two sizes, and values that stand for real numbers. */
function isMatrix(tensor: StoredTensor): boolean {
  return tensor.shape.length === 2 && (isFloatingPoint(tensor.dtype) || isQuantised(tensor.dtype))
}

function byWish({ tensors, file }: WeightsListing, named: string): Found {
  const table = tensors.find(({ name }) => name === named)
  if (table !== undefined && isMatrix(table)) return { table, why: 'The tensor was named by the person.' }
  throw new AnchorageError(
    'not-found',
    table === undefined
      ? 'The tensor that was named is not there.'
      : 'The tensor that was named is no table.',
    {
      where: `${file}, tensor ${named}`,
      found: table === undefined ? listNames(tensors) : describe(table),
      expected: 'a matrix of floating-point numbers',
      next: 'Name one of the matrices, or none to have the table chosen.'
    }
  )
}

function byTrace({ traced }: WeightsListing): Found | undefined {
  return traced === null ? undefined : { table: traced.tensor, why: traced.how }
}

function byName(
  matrices: readonly StoredTensor[],
  { file }: WeightsListing,
  config: ModelConfig
): Found | undefined {
  for (const ending of tableNameEndings(config.family)) {
    const found = matrices.filter(({ name }) => hasEnding(name, ending))
    const fitting = found.filter((tensor) => hasSizes(tensor, config))
    if (fitting.length > 1) throw needsChoice(fitting, file, `are named ${ending} and fit config.json`)
    const table = fitting[0] ?? found[0]
    if (table === undefined) continue
    const others = found.length > 1 ? ', and alone of those has the sizes of config.json' : ''
    return { table, why: `It is named ${ending}, as the word embeddings of ${config.family} are${others}.` }
  }
  return undefined
}

function bySize(
  matrices: readonly StoredTensor[],
  { file, notes }: WeightsListing,
  config: ModelConfig
): Found {
  const { vocabularySize, width } = config
  const fitting = matrices.filter(({ shape }) => shape[0] === vocabularySize && shape[1] === width)
  if (fitting.length > 1) throw needsChoice(fitting, file, 'have the sizes of config.json')
  if (fitting.length === 1) {
    return {
      table: fitting[0],
      why: 'No name of a table is known here; it alone has the sizes of config.json.'
    }
  }
  throw new AnchorageError('not-found', 'The weights hold no word-embedding table that can be told.', {
    where: file,
    found: [listNames(matrices), ...notes].join(' '),
    expected: `a tensor named ${tableNameEndings(config.family)[0]}, or one of ${wantedSizes(config)}`,
    next: 'Name the tensor that holds the word embeddings, or another weights file.'
  })
}

/** More rows than config.json says are padding; fewer, or another width, are another model's. */
function hasSizes({ shape }: StoredTensor, { vocabularySize = 0, width }: ModelConfig): boolean {
  return shape[0] >= vocabularySize && (width === undefined || shape[1] === width)
}

function requireSizes(table: StoredTensor, config: ModelConfig, matrices: readonly StoredTensor[]): void {
  if (hasSizes(table, config)) return
  throw new AnchorageError('mismatch', 'The embedding table has not the sizes that config.json says.', {
    where: `${table.file}, tensor ${table.name}`,
    found: `[${table.shape.join(', ')}]`,
    expected: wantedSizes(config),
    next: `Check that config.json and weights belong to one model, or name the tensor: ${listNames(matrices)}`
  })
}

function couldBeTable(tensor: StoredTensor, table: StoredTensor, config: ModelConfig): boolean {
  const sameSizes = tensor.shape[0] === table.shape[0] && tensor.shape[1] === table.shape[1]
  return sameSizes || tableNameEndings(config.family).some((ending) => hasEnding(tensor.name, ending))
}

function needsChoice(fitting: readonly StoredTensor[], file: string, what: string): AnchorageError {
  return new AnchorageError('needs-choice', 'More than one tensor could be the embedding table.', {
    where: file,
    found: `${fitting.length} that ${what}: ${listNames(fitting)}`,
    expected: 'one',
    next: 'Name the tensor that is meant.'
  })
}

function wantedSizes({ vocabularySize, width }: ModelConfig): string {
  return `[${vocabularySize ?? 'any'}, ${width ?? 'any'}]`
}

function describe({ name, dtype, shape }: StoredTensor): string {
  return `${name} ${dtype} [${shape.join(', ')}]`
}

/** The first few of the tensors, the largest first. */
function listNames(tensors: readonly StoredTensor[]): string {
  if (tensors.length === 0) return 'no matrices.'
  const bySize = tensors.toSorted((a, b) => (b.shape[0] ?? 0) - (a.shape[0] ?? 0))
  const rest = bySize.length > 6 ? ` and ${bySize.length - 6} more` : ''
  return `${bySize.slice(0, 6).map(describe).join(', ')}${rest}.`
}
