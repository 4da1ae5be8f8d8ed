/**
 * One connection to an SQLite database, with promises. `sqlite3` has callbacks and errors of its own; this
 * file is the only one that sees them.
 */
import sqlite3 from 'sqlite3'
import { explainSqliteError } from './sqlite-errors.ts'

export type SqlValue = string | number | null | Buffer

/** Values for `?` in their order. */
export type SqlParameters = readonly SqlValue[]

/** What a reader may do: ask. Rows come as unknown; repositories check them. */
export type ReadConnection = {
  /** The first row, or undefined. */
  get(sql: string, parameters?: SqlParameters): Promise<unknown>
  all(sql: string, parameters?: SqlParameters): Promise<unknown[]>
}

/** What a writer may do inside a transaction. */
export type WriteConnection = ReadConnection & {
  /** Runs one statement; the number of rows that it changed. */
  run(sql: string, parameters?: SqlParameters): Promise<number>
}

export type Connection = WriteConnection & {
  /** Runs several statements without parameters. */
  execute(sql: string): Promise<void>
  /** Ends the statement at work with an error; one that has not begun is not ended. */
  interrupt(): void
  close(): Promise<void>
}

const modes = {
  'read-only': sqlite3.OPEN_READONLY,
  'read-write': sqlite3.OPEN_READWRITE,
  create: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE
} as const

export type ConnectionMode = keyof typeof modes

/** How long a statement waits for another connection before it is refused. */
const waitMilliseconds = 5_000

/** Opens the database at `path`; every error names the path and says what to do. */
export function openConnection(
  path: string,
  mode: ConnectionMode,
  wait = waitMilliseconds
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, modes[mode], (error) => {
      if (error !== null) return reject(explainSqliteError(error, path))
      database.configure('busyTimeout', wait)
      resolve(wrap(database, path))
    })
  })
}

function wrap(database: sqlite3.Database, path: string): Connection {
  /** A promise settled by a callback of sqlite3. */
  const settle = <T>(start: (done: (error: Error | null, value: T) => void) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      start((error, value) => (error === null ? resolve(value) : reject(explainSqliteError(error, path))))
    })

  const all = (sql: string, parameters: SqlParameters = []): Promise<unknown[]> =>
    settle<unknown[]>((done) => database.all<unknown>(sql, parameters, done))

  return {
    all,
    // Not by sqlite3's `get`: it leaves the statement open for a moment, and with it a lock on the table.
    get: async (sql, parameters) => (await all(sql, parameters))[0],
    run: (sql, parameters = []) =>
      settle<number>((done) =>
        database.run(sql, parameters, function (error) {
          done(error, error === null ? this.changes : 0)
        })
      ),
    execute: (sql) => settle<void>((done) => database.exec(sql, (error) => done(error, undefined))),
    interrupt: () => database.interrupt(),
    close: () => settle<void>((done) => database.close((error) => done(error, undefined)))
  }
}
