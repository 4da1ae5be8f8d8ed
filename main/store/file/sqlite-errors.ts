/** SQLite's errors as errors for a person. */
import { AnchorageError, type ErrorCode, type ErrorDetail } from '#engine/common/contract/errors.ts'

type Explanation = { code: ErrorCode; message: string; next: string }

export const damagedFile = {
  code: 'project-malformed',
  message: 'The project file is damaged.',
  next: 'Restore a backup. `anchorage project export FILE --out FOLDER` saves the prompts that can be read, `sqlite3 FILE .recover` often most of the rest; keep the damaged file until then.'
} as const satisfies Explanation

/** By SQLite's primary result code; what is not here is a fault of ours and stays `internal`. */
const explanations: Readonly<Record<string, Explanation>> = {
  SQLITE_NOTADB: {
    code: 'project-malformed',
    message: 'The file is not a database.',
    next: 'Choose a file that Anchorage wrote, or restore a backup.'
  },
  SQLITE_CORRUPT: damagedFile,
  SQLITE_FULL: {
    code: 'write-failed',
    message: 'The disk is full: the last change was not stored.',
    next: 'Free some space and try again; everything before this change is safe.'
  },
  SQLITE_IOERR: {
    code: 'write-failed',
    message: 'The disk reported an error.',
    next: 'Check the disk or the connection to it, then open the project again.'
  },
  SQLITE_READONLY: {
    code: 'write-failed',
    message: 'The project is open for reading only.',
    next: 'Open it for writing, from a folder that you may write to.'
  },
  SQLITE_CANTOPEN: {
    code: 'file-unreadable',
    message: 'The database cannot be opened.',
    next: 'Check that the folder exists and that you may write to it.'
  },
  SQLITE_BUSY: {
    code: 'project-locked',
    message: 'Another program is using the project file.',
    next: 'Close the other program, then try again.'
  }
}

function sqliteCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'SQLITE_ERROR'
}

/** A database of our own id that holds something else, or is damaged so; SQLite has no code of its own for it. */
const otherTables = /^SQLITE_ERROR: (no such|unsupported file format)/

/** The error for a person; `path` is the database. */
export function explainSqliteError(error: Error, path: string): AnchorageError {
  const explanation = explanations[sqliteCode(error)]
  if (explanation === undefined && otherTables.test(error.message)) {
    return new AnchorageError(
      'project-malformed',
      'The database is not a project, or not a whole one.',
      {
        where: path,
        found: error.message,
        expected: 'the tables of a project',
        next: 'Choose a file that Anchorage wrote, or restore a backup.'
      },
      error
    )
  }
  if (explanation === undefined) {
    return new AnchorageError('internal', `The store failed: ${error.message}`, { where: path }, error)
  }
  const detail: ErrorDetail = { where: path, found: error.message, next: explanation.next }
  return new AnchorageError(explanation.code, explanation.message, detail, error)
}

function isRefusal(error: unknown, code: string): boolean {
  return error instanceof AnchorageError && error.cause instanceof Error && sqliteCode(error.cause) === code
}

/** Whether SQLite refused because another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return isRefusal(error, 'SQLITE_BUSY')
}

/** Whether the disk is full or fails: what was refused can be stored when that is over. */
export function isDiskFailure(error: unknown): boolean {
  return isRefusal(error, 'SQLITE_FULL') || isRefusal(error, 'SQLITE_IOERR')
}

/** Whether SQLite refused a row because a value that must be there once is there already, or one that must be is not. */
export function isConstraint(error: unknown): boolean {
  return isRefusal(error, 'SQLITE_CONSTRAINT')
}
