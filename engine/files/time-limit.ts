/**
 * A limit on the time that work on one file takes. The engine's thread can see no message while it parses; so the work
 * runs under Node's own watchdog, which stops it in the middle, expressions that backtrack included.
 */
import { createContext, Script } from 'node:vm'
import { AnchorageError } from '#engine/common/contract/errors.ts'

/** For the description of a file's contents, as most readers parse one: the largest take about a second. */
export const parsingSeconds = 30

/** Where the watchdog finds what to run; the context has nothing else, and the work brings its own surroundings. */
const stage: { work: () => void } = { work: () => {} }
const context = createContext(stage)
const script = new Script('work()')

function isTimeOut(error: unknown): boolean {
  // Not an Error of this context.
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}

/**
 * What `work` returns; a third of a millisecond goes to the watchdog.
 * @param where the file, for the error
 * @throws `unsupported` where it takes longer than `seconds`, and what it throws itself
 */
export function withinSeconds<T>(seconds: number, where: string, work: () => T): T {
  const results: T[] = []
  const outer = stage.work
  stage.work = () => {
    results.push(work())
  }
  try {
    script.runInContext(context, { timeout: Math.ceil(seconds * 1000) })
  } catch (error) {
    if (!isTimeOut(error)) throw error
    throw new AnchorageError(
      'unsupported',
      'Reading the file takes too long.',
      {
        where,
        found: `more than ${seconds} s of work`,
        expected: 'a file that is read in a moment',
        next: 'Check that this is the file that was meant; it may be damaged, or made to keep a program busy.'
      },
      error
    )
  } finally {
    stage.work = outer
  }
  return results[0]
}
