/** Transactions on the one writing connection, one after the other. */
import type { Connection, WriteConnection } from './connection.ts'

export type Transact = <T>(body: (connection: WriteConnection) => Promise<T>) => Promise<T>

/** Runs `body` in a transaction of its own: all of it is stored, or, where it throws, nothing. */
export async function inTransaction<T>(
  connection: Connection,
  body: (connection: WriteConnection) => Promise<T>
): Promise<T> {
  await connection.execute('BEGIN IMMEDIATE')
  try {
    const result = await body(connection)
    await connection.execute('COMMIT')
    return result
  } catch (error) {
    // Where the disk is full SQLite has rolled back already; the first error is the one to tell.
    await connection.execute('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/**
 * A queue of transactions: statements of two callers never mix, although the connection is shared.
 * `settled` waits for those that were asked for so far.
 */
export function queueTransactions(connection: Connection): { transact: Transact; settled(): Promise<void> } {
  let last: Promise<void> = Promise.resolve()
  return {
    transact: (body) => {
      const next = last.then(() => inTransaction(connection, body))
      last = next.then(
        () => undefined,
        () => undefined
      )
      return next
    },
    settled: () => last
  }
}
