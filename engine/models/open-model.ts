/**
 * Opens a model folder: its settings, its tokenizer and its word-embedding table, and nothing else of its
 * weights. What is opened is kept, so that several calls on one model share one table. Where a report was kept of the
 * same files, the table is read when something needs it, and compared with the report then.
 */
import { createHash } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, sep } from 'node:path'
import type { ConfigFile } from '#engine/architectures/settings.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type {
  ModelKind,
  ModelReference,
  ModelReport,
  TableCandidate
} from '#engine/common/contract/models.ts'
import { snapshotOf } from '#engine/common/files/cache-snapshot.ts'
import { containedPath } from '#engine/common/files/contained-path.ts'
import { isQuantised } from '#engine/files/element-types.ts'
import { readBytes, withFile } from '#engine/files/read-range.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { chooseTable, type TableChoice } from './choose-table.ts'
import { findGguf, isGguf } from './gguf/find-gguf.ts'
import { type LazyTable, lazyTable } from './lazy-table.ts'
import { modelCache } from './model-cache.ts'
import { type ModelConfig, readModelConfig } from './model-config.ts'
import { modelKind } from './model-kind.ts'
import { forgetReport, keepReport, keptReport, type ModelPlace, placeOf } from './report-cache.ts'
import { findRunnableGraph } from './runnable-graph.ts'
import { sharedTokenizer } from './shared-tokenizers.ts'
import { sideBySide } from './side-by-side.ts'
import { type FoundTable, surveyTable } from './table-summary.ts'
import { sortTokens } from './token-rows.ts'
import { makeTokenizer, openTokenizer, type Tokenizer } from './tokenizer.ts'
import type { Vocabulary } from './vocabulary.ts'
import { listWeights } from './weight-files.ts'

/**
 * The word-embedding table is of the fingerprint that the report says: to read it throws `mismatch` where it has another,
 * and `cancelled`.
 */
export type OpenModel = LazyTable & {
  readonly report: ModelReport
  /** Real path of the folder; of the Hugging Face cache that of the snapshot. */
  readonly folder: string
  readonly kind: ModelKind
  /** Ids of the rows that statistics count: a token has them, and it is not a reserved one. Ascending. */
  readonly usedRows: readonly number[]
  /** The tokens that have a row. */
  readonly vocabulary: Vocabulary
  readonly tokenizer: Tokenizer
  /** Width of the layers, where the settings say; `e` is that of the table. */
  readonly hiddenSize: number | undefined
  /** Longest sequence, in tokens, where the settings say. */
  readonly maximumLength: number | undefined
  /** What the decoder of an encoder-decoder begins with; empty for other kinds. */
  readonly decoderStart: readonly number[]
  /** What the settings say of sizes that a graph may leave open. */
  readonly sizes: Pick<ModelConfig, 'cache' | 'vocabularySize'>
  /** What a graph is written from where the folder has none. */
  readonly checkpoint: { readonly config: ConfigFile; readonly tensors: readonly StoredTensor[] }
}

const cache = modelCache<OpenModel>(({ report }) => report.vocabularySize)

type LocatedModel = {
  readonly reference: ModelReference
  readonly folder: string
  readonly place: ModelPlace
}

/**
 * What a model folder holds: as it was kept, while the files stand, else read.
 * @throws AnchorageError as {@link openModel}
 */
export async function inspectModel(reference: ModelReference, signal?: AbortSignal): Promise<ModelReport> {
  throwIfCancelled(signal)
  const { place } = await locate(reference)
  return (await keptReport(place)) ?? (await openModel(reference, signal)).report
}

/**
 * Opens a model folder, or answers with what is kept of it.
 * @throws AnchorageError that says which file is missing, damaged, unsafe or not supported, and `cancelled`
 */
export async function openModel(reference: ModelReference, signal?: AbortSignal): Promise<OpenModel> {
  throwIfCancelled(signal)
  const located = await locate(reference)
  try {
    const model = await cache.get(located.place, () => readModel(located, signal))
    throwIfCancelled(signal)
    return model
  } catch (error) {
    const cancelledByAnother =
      error instanceof AnchorageError && error.code === 'cancelled' && signal?.aborted !== true
    if (cancelledByAnother) return await openModel(reference, signal)
    throw error
  }
}

/** Opens a model folder and keeps nothing of it, for work that goes through many models. @throws as `openModel` */
export async function openModelAlone(reference: ModelReference, signal?: AbortSignal): Promise<OpenModel> {
  throwIfCancelled(signal)
  return await readModel(await locate(reference), signal)
}

/** Where a model lies, with the weights that were named; a GGUF file may stand in the place of its folder. */
async function locate(reference: ModelReference): Promise<LocatedModel> {
  const { folder: path, weights } = reference
  const isFile = isGguf(path) && ((await stat(path).catch(() => undefined))?.isFile() ?? false)
  const named = isFile && weights === undefined ? { ...reference, weights: basename(path) } : reference
  const folder = await realFolder(named === reference ? path : dirname(path))
  return { reference: named, folder, place: await placeOf(named, folder) }
}

/** The real path of a folder, or of the snapshot that a folder of the Hugging Face cache stands for. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await snapshotOf(await realpath(folder))
  } catch (cause) {
    if (cause instanceof AnchorageError) throw cause
    throw new AnchorageError(
      'file-not-found',
      'The model folder is not there.',
      { where: folder, next: 'Check the path; the disk that holds it may be unplugged.' },
      cause
    )
  }
}

async function readModel(
  { reference, folder, place }: LocatedModel,
  signal?: AbortSignal
): Promise<OpenModel> {
  const gguf = await findGguf(folder, reference.weights)
  const { config, weights } = gguf ?? {
    config: await readModelConfig(folder),
    weights: await listWeights(folder, reference.weights)
  }
  const choice = chooseTable(weights, config, reference.tensor)
  const hasOwnTokenizer = gguf === undefined || (await containedPath(folder, 'tokenizer.json')) !== undefined
  const kept = keptTable(await keptReport(place))
  const [found, { tokenizer, tokenizerHash, rows }] = await sideBySide(
    async (within) => kept ?? (await surveyTable(choice.table, within)),
    async () => {
      const opened = hasOwnTokenizer ? await openTokenizer(folder) : makeTokenizer(gguf.tokenizer(), folder)
      const tokenizerHash = hasOwnTokenizer
        ? await tokenizerFingerprint(folder, opened.files)
        : gguf.headerFingerprint
      const tokenizer = sharedTokenizer(tokenizerHash, opened)
      return { tokenizer, tokenizerHash, rows: sortTokens(tokenizer.vocabulary, choice.table) }
    },
    signal
  )
  throwIfCancelled(signal)
  const { kind, notes } = modelKind(config, tokenizer.special.mask !== null)
  const { mean, standardDeviation } = found.statistics(rows.usedRows)
  const [tableRows, width] = choice.table.shape
  const report: ModelReport = {
    folder: reference.folder,
    name: isGguf(reference.folder) ? basename(reference.folder, extname(reference.folder)) : nameOf(folder),
    family: config.family,
    architecture: config.architecture,
    kind,
    vocabularySize: tokenizer.vocabulary.tokens.length,
    width,
    table: candidateOf(choice.table, folder, weights.file),
    alternatives: choice.alternatives.map((tensor) => candidateOf(tensor, folder, weights.file)),
    choice: choice.why,
    rowsUsed: rows.usedRows.length,
    paddingRows: tableRows - rows.vocabulary.tokens.length,
    mean,
    standardDeviation,
    embeddingScale: config.embeddingScale,
    tokenizer: {
      kind: tokenizer.kind,
      files: [...tokenizer.files],
      lowercases: tokenizer.lowercases,
      maskToken: tokenizer.special.mask?.token ?? null
    },
    fingerprint: {
      table: found.fingerprint,
      tokenizer: tokenizerHash
    },
    graph: await findRunnableGraph(folder, config.file, weights, reference.weights),
    notes: [...notes, ...weights.notes, ...tableNotes(choice, config), ...rows.notes]
  }
  if (kept === undefined) await keepReport(place, choice.table.file, report)
  const { usedRows, vocabulary } = rows
  const { hiddenSize, maximumLength, vocabularySize, file, decoderStart } = config
  return {
    report,
    folder,
    kind,
    ...lazyTable(choice.table, found, usedRows, async () => {
      cache.drop(place)
      await forgetReport(place)
    }),
    usedRows,
    vocabulary,
    tokenizer,
    hiddenSize,
    maximumLength,
    decoderStart: kind === 'encoder-decoder' ? decoderStart : [],
    sizes: { cache: config.cache, vocabularySize },
    checkpoint: { config: file, tensors: weights.tensors }
  }
}

/** What a report that was kept says of the table; its rows of zeros are found when something needs the table. */
function keptTable(report: ModelReport | undefined): FoundTable | undefined {
  return (
    report && {
      fingerprint: report.fingerprint.table,
      zeroRows: undefined,
      statistics: () => report
    }
  )
}

/** The folder's name; in the Hugging Face cache `models--OWNER--NAME/snapshots/REVISION` it is `OWNER/NAME`. */
function nameOf(folder: string): string {
  const parts = folder.split(sep)
  const repository = parts.at(-2) === 'snapshots' ? parts.at(-3) : undefined
  return repository?.startsWith('models--') === true
    ? repository.slice('models--'.length).replace('--', '/')
    : basename(folder)
}

/** The file as the folder names it; the Hugging Face cache keeps contents elsewhere, under names that say nothing. */
function candidateOf(
  { name, dtype, shape, file }: StoredTensor,
  folder: string,
  opened: string
): TableCandidate {
  const inFolder = relative(folder, file).split(sep).join('/')
  return { file: inFolder.startsWith('../') ? opened : inFolder, tensor: name, dtype, shape: [...shape] }
}

/** SHA-256 over the tokenizer's files in the order of their names, each with its name and length. */
async function tokenizerFingerprint(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files.toSorted()) {
    await withFile(join(folder, file), async (opened, size) => {
      const bytes = await readBytes(opened, 0, size, join(folder, file))
      hash.update(`${file}\n${bytes.byteLength}\n`).update(bytes)
    })
  }
  return hash.digest('hex')
}

function tableNotes(
  { table }: TableChoice,
  { vocabularySize, width, embeddingScale }: ModelConfig
): string[] {
  const notes: string[] = []
  if (isQuantised(table.dtype)) {
    const stored = table.dtype.endsWith('+ scale') ? `8 bits (${table.dtype})` : table.dtype
    notes.push(`The table is stored in ${stored} and was dequantised: cosines are approximate.`)
  }
  const [rows, columns] = table.shape
  if (vocabularySize !== undefined && vocabularySize !== rows) {
    notes.push(`The table has ${rows} rows, config.json says vocab_size ${vocabularySize}.`)
  }
  if (width !== undefined && width !== columns) {
    notes.push(`The table is ${columns} wide, config.json says ${width}.`)
  }
  if (embeddingScale !== 1) {
    notes.push(
      `The model multiplies embeddings by ${embeddingScale.toPrecision(6)} itself; prompts are rows of the table before that.`
    )
  }
  return notes
}
