/** Whether a folder's model is a GGUF file: one that was named, or the only one where there are no other weights. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { containedPath } from '#engine/common/files/contained-path.ts'
import { hasWeightFiles } from '../weight-files.ts'
import { type GgufModel, openGguf } from './open-gguf.ts'

/** Whether a path is called as GGUF files are. */
export function isGguf(path: string): boolean {
  return path.toLowerCase().endsWith('.gguf')
}

/** llama.cpp splits large models into files of this name. */
const isSplit = (name: string): boolean => /-\d{5}-of-\d{5}\.gguf$/i.test(name)

/**
 * Opens the GGUF file of a folder; undefined where its model is in other files.
 * @param named a weights file that a person named
 * @throws `needs-choice` where there are several, `unsupported` for one in several files
 */
export async function findGguf(folder: string, named: string | undefined): Promise<GgufModel | undefined> {
  if (named !== undefined) return isGguf(named) ? await open(folder, named) : undefined
  // Pictures in, text out: the part of a model for images lies beside it.
  const files = (await readdir(folder)).filter((name) => isGguf(name) && !/^mmproj/i.test(name)).sort()
  if (files.length === 0 || (await hasWeightFiles(folder))) return undefined
  if (files.length === 1 || isSplit(files[0])) return await open(folder, files[0])
  throw new AnchorageError('needs-choice', 'The folder holds several GGUF files.', {
    where: folder,
    found: files.join(', '),
    expected: 'one',
    next: 'Name the one that is meant: the path of the file in place of the folder, or --weights FILE.'
  })
}

async function open(folder: string, file: string): Promise<GgufModel> {
  const path = await containedPath(folder, file)
  if (path === undefined) {
    throw new AnchorageError('file-not-found', 'The weights file that was named is not there.', {
      where: join(folder, file),
      expected: 'a file of the model folder',
      next: 'Check the name.'
    })
  }
  if (!isSplit(file)) return await openGguf(path)
  throw new AnchorageError('unsupported', 'A GGUF model in several files is not read.', {
    where: path,
    found: file,
    expected: 'one file',
    next: 'Put the files together with `llama-gguf-split --merge`.'
  })
}
