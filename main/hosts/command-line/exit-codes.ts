/** How commands end, as numbers. */
import type { Job } from '#main/queue/queue.ts'

/** Exit codes of the command line; `anchorage --help` lists them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** `verify`, or the self-check of `doctor`, found a difference over its tolerance. */
  differs: 3,
  /** Ended by Ctrl-C, SIGTERM or SIGHUP; what was finished is kept. */
  cancelled: 130
} as const

/** What a command that worked on a job answers. */
export function exitCodeOf({ state }: Pick<Job, 'state'>): number {
  if (state === 'cancelled') return exitCodes.cancelled
  return state === 'finished' ? exitCodes.done : exitCodes.failed
}

export const exitCodesHelp = `
Exit codes:
  0    done
  1    failed; the error says what, where and what to do
  2    the command was not understood
  3    verify: a difference is over its tolerance, or a model is refused; doctor: a model's self-check is wrong
  130  cancelled with Ctrl-C, SIGTERM or SIGHUP; what was finished is kept`
