/** The messages that cross a transport, and the checks that what arrived is what was agreed. */
import { z } from 'zod'
import { AnchorageError, causedBy, type ErrorCode, errorDataSchema } from '#engine/common/contract/errors.ts'

const callId = z.int().nonnegative()

/** From the caller to the server. */
export const requestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: callId, method: z.string(), arguments: z.unknown() }),
  z.object({ kind: z.literal('cancel'), id: callId })
])
export type Request = z.infer<typeof requestSchema>

/** From the server to the caller. */
export const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), id: callId, progress: z.unknown() }),
  z.object({ kind: z.literal('result'), id: callId, value: z.unknown() }),
  z.object({ kind: z.literal('error'), id: callId, error: errorDataSchema }),
  z.object({ kind: z.literal('event'), name: z.string(), payload: z.unknown() })
])
export type Reply = z.infer<typeof replySchema>

/**
 * Checks something received against its schema; `what` names it in the error.
 * Throws an error of the given code that says where it differs.
 */
export function checkReceived<S extends z.ZodType>(
  schema: S,
  value: unknown,
  what: string,
  code: ErrorCode
): z.output<S> {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new AnchorageError(code, `What was received as ${what} does not have the agreed form.`, {
    where: issue.path.length === 0 ? what : issue.path.join('.'),
    found: issue.message,
    next:
      code === 'bad-argument'
        ? 'Correct the value named.'
        : 'The two sides may be of different versions: install Anchorage anew, and report this if it stays.'
  })
}

/** The error where something could not be cloned; `what` begins the sentence. */
export function cannotBeSent(code: ErrorCode, what: string, cause: unknown): AnchorageError {
  return causedBy(cause, code, `${what} cannot be sent to another process.`, {
    expected: 'numbers, texts, arrays, typed arrays and plain objects of these'
  })
}

/** The id of a call that a malformed message is about, where one can be made out. */
export function callIdOf(message: unknown): number | undefined {
  const found = z.object({ id: callId }).safeParse(message)
  return found.success ? found.data.id : undefined
}
