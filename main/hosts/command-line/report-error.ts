/** How a command says what went wrong. */
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { printable } from '#engine/common/format/printable.ts'
import { exitCodes } from './exit-codes.ts'

/** Prints an error for a person, or as JSON; answers with the exit code. */
export function reportError(thrown: unknown, json: boolean): number {
  const error = errorToData(thrown)
  const { stack: _, ...shown } = error
  if (json) process.stdout.write(`${printable(JSON.stringify({ error: shown }, null, 2))}\n`)
  else process.stderr.write(`${explainError(error)}\n`)
  return error.code === 'cancelled' ? exitCodes.cancelled : exitCodes.failed
}
