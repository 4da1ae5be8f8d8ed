/** Hashes of the files that models are made of: what was hashed is not read again while the file stands. */
import { z } from 'zod'
import { type FileHash, fileHashSchema } from '#engine/common/contract/models.ts'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { checkRecord, insertRow, readRow } from './row.ts'

export type FileHashReader = { list(): Promise<FileHash[]> }

export type FileHashWriter = FileHashReader & {
  /** Keeps the hashes; of a path the one given last. */
  keep(files: readonly FileHash[]): Promise<void>
}

export function readFileHashes(connection: ReadConnection): FileHashReader {
  return {
    async list() {
      const rows = await connection.all('SELECT path, size, modified, inode, sha256 FROM file_hashes')
      return rows.map((row) => readRow(fileHashSchema, row, 'the hash of a file'))
    }
  }
}

export function writeFileHashes(connection: WriteConnection): FileHashWriter {
  return {
    ...readFileHashes(connection),
    async keep(files) {
      for (const file of checkRecord(z.array(fileHashSchema), [...files], 'hashes of files')) {
        await connection.run('DELETE FROM file_hashes WHERE path = ?', [file.path])
        await insertRow(connection, 'file_hashes', file)
      }
    }
  }
}
