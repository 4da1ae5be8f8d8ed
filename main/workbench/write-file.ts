/** Writes files whole: under a temporary name in the same folder, then renamed. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AnchorageError } from '../../engine/contract/errors.ts'

/** Writes `data` to `path`, replacing what is there. @throws `write-failed` */
export async function writeWholeFile(path: string, data: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.unfinished`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(unfinished, data)
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true })
    throw new AnchorageError(
      'write-failed',
      'A file could not be written.',
      {
        where: path,
        found: cause instanceof Error ? cause.message : String(cause),
        next: 'Check the folder and the free space.'
      },
      cause
    )
  }
}

/** Writes `value` as a JSON document. @throws `write-failed` */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeWholeFile(path, `${JSON.stringify(value, null, 2)}\n`)
}
