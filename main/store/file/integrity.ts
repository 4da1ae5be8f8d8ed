/** Whether a project's file is whole, as far as SQLite can say without checksums: its structure, not the values in it. */
import { z } from 'zod'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { openConnection } from './connection.ts'
import { damagedFile } from './sqlite-errors.ts'

/**
 * Reads the whole file and throws `project-malformed` where it contradicts itself, or `cancelled`. On a connection of
 * its own: the check leaves a read transaction open, which would keep the log from being written back.
 */
export async function checkIntegrity(path: string, signal?: AbortSignal): Promise<void> {
  throwIfCancelled(signal)
  const connection = await openConnection(path, 'read-only')
  signal?.addEventListener('abort', connection.interrupt)
  try {
    throwIfCancelled(signal)
    const answer = await connection.get('PRAGMA quick_check(1)').catch((error: unknown) => {
      throwIfCancelled(signal)
      throw error
    })
    const { quick_check: found } = z.object({ quick_check: z.string() }).parse(answer)
    if (found === 'ok') return
    const { code, message, next } = damagedFile
    throw new AnchorageError(code, message, { where: path, found, next })
  } finally {
    signal?.removeEventListener('abort', connection.interrupt)
    await connection.close()
  }
}
