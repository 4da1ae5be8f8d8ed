/** From the tensors of a file to the matrices `[m, e]` that could be prompts. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { PromptFormat } from '#engine/common/contract/prompts.ts'
import { isFloatingPoint } from '#engine/files/element-types.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { type PromptFacts, type PromptPart, unknownFacts } from './prompt-format.ts'

/** Values of the largest matrix that is taken for a prompt, 256 MiB of float32: far above any real one. */
const largestPrompt = 2 ** 26

/** The type of numbers that are written out as text. */
export const decimals = 'decimal'

export type PartSettings = {
  format: PromptFormat
  /** The tensor's own name where not given. */
  part?: string
  /** The rows that belong to this part, `[from, to)`; all where not given. */
  rows?: { from: number; to: number }
  facts?: Partial<PromptFacts>
  rowsMustBeChosen?: boolean
  warnings?: string[]
}

/** `F32 [10, 768]`: a tensor as errors name it. */
export function describeTensor(tensor: Pick<StoredTensor, 'dtype' | 'shape'>): string {
  return `${tensor.dtype} [${tensor.shape.join(', ')}]`
}

function isPromptMatrix(tensor: Pick<StoredTensor, 'dtype' | 'shape'>): boolean {
  const [rows, columns] = tensor.shape
  const fits = tensor.shape.length === 2 && rows > 0 && columns > 0 && rows * columns <= largestPrompt
  return fits && (tensor.dtype === decimals || isFloatingPoint(tensor.dtype))
}

/**
 * Refuses a tensor that can't be a prompt.
 * @throws `file-malformed` with the type and shape that were found.
 */
export function requirePromptMatrix(tensor: Omit<StoredTensor, 'read'>): void {
  if (isPromptMatrix(tensor)) return
  throw new AnchorageError('file-malformed', 'The tensor is not a prompt.', {
    where: `${tensor.file}, ${tensor.name}`,
    found: describeTensor(tensor),
    expected: `floating-point numbers of shape [vectors, width], both at least 1 and at most ${largestPrompt.toLocaleString('en')} in all`,
    next: 'Save the matrix of prompt vectors alone, one vector per row.'
  })
}

/** Those tensors of a file that could be a prompt. @throws `file-malformed` naming what was found where none could. */
export function promptMatrices(tensors: readonly StoredTensor[], path: string): StoredTensor[] {
  const [only] = tensors
  if (tensors.length === 1) requirePromptMatrix(only)
  const matrices = tensors.filter(isPromptMatrix)
  if (matrices.length > 0) return matrices
  const named = tensors.slice(0, 8).map((tensor) => `${tensor.name} ${describeTensor(tensor)}`)
  const more = tensors.length > named.length ? `, and ${tensors.length - named.length} more` : ''
  throw new AnchorageError('file-malformed', 'The file holds no prompt.', {
    where: path,
    found: tensors.length === 0 ? 'no tensors' : named.join(', ') + more,
    expected: 'a floating-point matrix [vectors, width]',
    next: 'Choose the file that holds the prompt vectors.'
  })
}

/** A matrix, or some rows of it, as a part to choose and read. */
export function matrixPart(tensor: StoredTensor, settings: PartSettings): PromptPart {
  requirePromptMatrix(tensor)
  const [storedRows, columns] = tensor.shape
  const { from, to } = settings.rows ?? { from: 0, to: storedRows }
  const warnings = [...(settings.warnings ?? [])]
  if (tensor.dtype === 'F64') warnings.push('Stored as float64: the values are rounded to float32.')
  return {
    format: settings.format,
    path: tensor.file,
    part: settings.part ?? tensor.name,
    tensor: tensor.name,
    dtype: tensor.dtype,
    storedShape: tensor.shape,
    rows: to - from,
    columns,
    facts: { ...unknownFacts, ...settings.facts },
    rowsMustBeChosen: settings.rowsMustBeChosen ?? false,
    warnings,
    read: async (signal) => (await tensor.read(signal)).slice(from * columns, to * columns)
  }
}
