/**
 * The one error class of the project and its form as data. An error for a person says what happened,
 * where, what was found and expected, and what to do next; its code is stable for programs.
 */
import { z } from 'zod'
import { printable } from '#engine/common/format/printable.ts'

export const errorCodes = [
  'file-not-found',
  'file-unreadable',
  'file-malformed',
  'file-unsafe',
  'unsupported',
  'bad-argument',
  'bad-value',
  'mismatch',
  'needs-choice',
  'not-found',
  'cancelled',
  'engine-died',
  'engine-unavailable',
  'device-failed',
  'project-locked',
  'project-newer',
  'project-malformed',
  'write-failed',
  'internal'
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** What an error says beside its message; every field is a short text for a person. */
export type ErrorDetail = {
  /** The file, tensor, argument or node concerned. */
  where?: string | undefined
  found?: string | undefined
  expected?: string | undefined
  /** What the person can do now. */
  next?: string | undefined
}

export class AnchorageError extends Error {
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'AnchorageError'
    this.code = code
    this.detail = detail
  }
}

export const errorDataSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  where: z.string().optional(),
  found: z.string().optional(),
  expected: z.string().optional(),
  next: z.string().optional(),
  /** The chain of causes, outermost first, as text: causes may hold anything, data may not. */
  causes: z.array(z.string()),
  stack: z.string().optional()
})
export type ErrorData = z.infer<typeof errorDataSchema>

/** Any value as text; even one that cannot be turned into a string. */
function describe(value: unknown): string {
  try {
    return String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

/** What was thrown, in the words of the system or library that threw it. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : describe(thrown)
}

/** An error about what the system or a library refused: `found` is what it said. */
export function causedBy(
  cause: unknown,
  code: ErrorCode,
  message: string,
  detail: Omit<ErrorDetail, 'found'>
): AnchorageError {
  return new AnchorageError(code, message, { ...detail, found: messageOf(cause) }, cause)
}

/** The code of an error of the system, such as `ENOENT`. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined
}

/** Whether the system found nothing at a path. */
export function isMissing(thrown: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCode(thrown) ?? '')
}

function describeCauses(error: Error): string[] {
  const causes: string[] = []
  let cause: unknown = error.cause
  while (cause !== undefined && causes.length < 8) {
    causes.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : describe(cause))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return causes
}

/** Any thrown value as data that can always be cloned or serialised. */
export function errorToData(thrown: unknown): ErrorData {
  if (!(thrown instanceof Error)) return { code: 'internal', message: describe(thrown), causes: [] }
  const base = { message: describe(thrown.message), causes: describeCauses(thrown), stack: thrown.stack }
  if (thrown instanceof AnchorageError) return { code: thrown.code, ...base, ...thrown.detail }
  return { code: thrown.name === 'AbortError' ? 'cancelled' : 'internal', ...base }
}

/** The inverse of {@link errorToData}: an error to throw on the receiving side. */
export function errorFromData(data: ErrorData): AnchorageError {
  const { code, message, where, found, expected, next, causes, stack } = data
  const cause = causes.length > 0 ? new Error(causes.join(' ← ')) : undefined
  const error = new AnchorageError(code, message, { where, found, expected, next }, cause)
  if (stack !== undefined) error.stack = stack
  return error
}

/** An error as lines for a terminal or a dialog: the message, then where, found, expected, next; without control characters. */
export function explainError(data: ErrorData): string {
  const lines = [data.message]
  if (data.where !== undefined) lines.push(`  where:    ${data.where}`)
  if (data.found !== undefined) lines.push(`  found:    ${data.found}`)
  if (data.expected !== undefined) lines.push(`  expected: ${data.expected}`)
  if (data.next !== undefined) lines.push(`  next:     ${data.next}`)
  return printable(lines.join('\n'))
}

/** An error in a line: what happened, and what to do next. */
export function errorInLine(thrown: unknown): string {
  const { message, next } = errorToData(thrown)
  return printable(next === undefined ? message : `${message} ${next}`)
}

/** Throws `cancelled` when the signal is aborted; called between steps of long work. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AnchorageError('cancelled', 'The work was cancelled.')
}
