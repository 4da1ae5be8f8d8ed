/** Reads prompts: one by choice, or every one of an OptiPrompt or PTfer tree. */
import { createHash } from 'node:crypto'
import { basename, dirname, extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Prompt, PromptChoice, PromptTree } from '#engine/common/contract/prompts.ts'
import { withFile } from '#engine/files/read-range.ts'
import { checkVectors } from './check-vectors.ts'
import { scaled, scaleIn, scaleNotes } from './embedding-scale.ts'
import { listParts } from './list-parts.ts'
import type { PromptPart } from './prompt-format.ts'

type ReadSettings = Omit<PromptChoice, 'path' | 'part' | 'name'> & { name: string }

/**
 * The prompt that a choice names.
 * @throws `needs-choice` where several parts fit, or where an OptiPrompt file does not say how many of its rows
 *   are used; `bad-value` for NaN and infinities, by row and column.
 */
export async function readPrompt(choice: PromptChoice, signal?: AbortSignal): Promise<Prompt> {
  const { parts, refused } = await listParts(choice.path, signal)
  const [failed] = refused
  if (parts.length === 0 && failed !== undefined) throw failed.error
  const part = choosePart(parts, choice)
  return await readPart(part, { ...choice, name: choice.name ?? nameOf(part, parts) }, signal)
}

/**
 * Every prompt under a folder, in the order of the paths, or none where one of them can't be read.
 * `vectors` holds for all of them.
 */
export async function readPromptTree(tree: PromptTree, signal?: AbortSignal): Promise<Prompt[]> {
  const { parts, refused } = await listParts(tree.path, signal)
  const [failed] = refused
  if (failed !== undefined) throw failed.error
  if (parts.length === 0) throw nothingFound(tree.path)
  const prompts: Prompt[] = []
  for (const part of parts) {
    prompts.push(await readPart(part, { ...tree, name: nameOf(part, parts) }, signal))
  }
  return prompts
}

function nothingFound(path: string): AnchorageError {
  return new AnchorageError('not-found', 'There is no prompt here.', {
    where: path,
    expected: 'a file of a known prompt format',
    next: 'Choose the prompt file itself; JSON and CSV files are read when they are named alone.'
  })
}

/** `NAME F32 [m, e]` of the first few parts, for an error. */
function nameParts(parts: PromptPart[]): string {
  const shown = parts.slice(0, 12).map(({ part, path, rows, columns }) => {
    const file = parts.some((other) => other.path !== path) ? `${path}: ` : ''
    return `${file}${part} [${rows}, ${columns}]`
  })
  return shown.join(', ') + (parts.length > shown.length ? `, and ${parts.length - shown.length} more` : '')
}

function choosePart(parts: PromptPart[], choice: PromptChoice): PromptPart {
  if (parts.length === 0) throw nothingFound(choice.path)
  const fitting = choice.part === undefined ? parts : parts.filter(({ part }) => part === choice.part)
  const [only] = fitting
  if (fitting.length === 1) return only
  if (fitting.length === 0) {
    throw new AnchorageError('not-found', `There is no part named ${choice.part}.`, {
      where: choice.path,
      found: nameParts(parts),
      next: 'Choose one of these.'
    })
  }
  throw new AnchorageError('needs-choice', 'There are several prompts to choose from.', {
    where: choice.path,
    found: nameParts(fitting),
    expected: 'the file and the name of one part',
    next: fitting.some(({ path }) => path !== only.path)
      ? 'Choose one of the files.'
      : 'Choose one by its name.'
  })
}

/** How many of the stored rows are the prompt. */
function usedRows(part: PromptPart, vectors: number | undefined): number {
  if (vectors === undefined) {
    if (!part.rowsMustBeChosen) return part.rows
    throw new AnchorageError('needs-choice', 'How many of its rows are the prompt is not in the file.', {
      where: part.path,
      found: `${part.rows} rows, as OptiPrompt always writes`,
      expected: 'the number of vectors of the template ([V1] … [Vm])',
      next: "Say how many: the paper's prompts and OptiPrompt's default have 5."
    })
  }
  if (vectors <= part.rows) return vectors
  throw new AnchorageError('bad-argument', 'The file has fewer rows than were asked for.', {
    where: part.path,
    found: `${part.rows} rows`,
    expected: `at least ${vectors}`,
    next: 'Ask for fewer vectors.'
  })
}

async function readPart(part: PromptPart, settings: ReadSettings, signal?: AbortSignal): Promise<Prompt> {
  const rows = usedRows(part, settings.vectors)
  const all = await part.read(signal)
  const stored = { rows, columns: part.columns, data: all.slice(0, rows * part.columns) }
  const model = settings.model ?? null
  const vectors = scaled(stored, 1 / scaleIn(part.format, model))
  const found = checkVectors(vectors, `${part.path}, ${part.part}`)
  const leftOut =
    part.rowsMustBeChosen || rows === part.rows
      ? []
      : [`${part.rows - rows} of ${part.rows} rows were left out.`]
  const { facts } = part
  return {
    name: settings.name,
    vectors,
    model: { name: facts.modelName, tableFingerprint: facts.tableFingerprint },
    task: facts.task,
    relation: facts.relation,
    position: facts.position,
    template: settings.template ?? facts.template,
    origin: {
      kind: 'file',
      path: part.path,
      sha256: await hashFile(part.path, signal),
      format: part.format,
      part: part.part,
      tensor: part.tensor,
      dtype: part.dtype,
      shape: [...part.storedShape]
    },
    warnings: [...part.warnings, ...scaleNotes(part.format, model), ...leftOut, ...found]
  }
}

/** What the file says, else its name (for PEFT the folder's), with the part where the file holds several. */
function nameOf({ facts, path, format, part }: PromptPart, parts: PromptPart[]): string {
  const name = facts.name ?? (format === 'peft' ? basename(dirname(path)) : basename(path, extname(path)))
  const isAlone = parts.filter((other) => other.path === path).length === 1
  return isAlone ? name : `${name} ${part}`
}

/** SHA-256 of a file in hexadecimal. */
async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await withFile(path, (file) => pipeline(file.createReadStream({ autoClose: false }), hash, { signal }))
  return hash.digest('hex')
}
