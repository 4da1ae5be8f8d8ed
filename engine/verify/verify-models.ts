/** The models of a folder that lie beside their reference numbers: which there are, and their comparisons as rows. */
import { readdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { CheckedPart, VerifyRow } from '#engine/common/contract/verify.ts'
import { checkModel } from './check-model.ts'
import { verifyRow } from './compare.ts'
import { referenceFile } from './reference-numbers.ts'

/**
 * The folders at or below a folder that hold a `reference.safetensors`, in order of their paths.
 * @throws `file-not-found` where there is none
 */
export async function findReferenceModels(folder: string): Promise<string[]> {
  const detail = {
    where: folder,
    expected: `model folders with a ${referenceFile} each, at any depth`,
    next: 'Give the folder that holds them, or one laid out like test/fixtures/reference.'
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new AnchorageError('file-not-found', 'The folder has no reference models.', detail, cause)
  })
  const found = entries.filter((entry) => entry.isFile() && entry.name === referenceFile)
  if (found.length === 0) {
    throw new AnchorageError('file-not-found', 'The folder has no reference models.', detail)
  }
  return found.map((entry) => dirname(join(entry.parentPath, entry.name))).sort()
}

/** A part's comparisons; one that was not compared is a row that does not agree. */
function rowsOf(name: string, { part, comparisons, error }: CheckedPart): VerifyRow[] {
  if (error !== null) return [verifyRow(`${name}: ${part} refused: ${error.message}`, Number.NaN, 0)]
  return comparisons.map((row) => ({ ...row, what: `${name}: ${row.what}` }))
}

/**
 * Every model of `models/` in a folder laid out like the reference data.
 * @throws `file-not-found` where there is none, `cancelled`
 */
export async function verifyModels(folder: string, signal?: AbortSignal): Promise<VerifyRow[]> {
  const models = join(folder, 'models')
  const rows: VerifyRow[] = []
  for (const model of await findReferenceModels(models)) {
    throwIfCancelled(signal)
    const { parts } = await checkModel(model, signal)
    rows.push(...parts.flatMap((part) => rowsOf(relative(models, model), part)))
  }
  return rows
}
