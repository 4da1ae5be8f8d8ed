/** Why groups of a workflow have no result yet, by what their jobs and the scheduler left. */
import { errorFromData, errorInLine } from '#engine/common/contract/errors.ts'
import { durationText } from '#engine/common/format/duration.ts'
import type { WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { type Attempt, readAttempts, schedulerWords } from './attempts.ts'

export type Unfinished = {
  readonly group: string
  readonly label: string
  /** How often it was begun. */
  readonly attempts: number
  readonly reason: string
}

function describeEnd({ node, startedAt, end }: Attempt, scheduler: string): string {
  const seconds = ((end?.at ?? Date.now()) - startedAt) / 1000
  if (end?.kind === 'failed')
    return `failed on ${node} after ${durationText(seconds)}: ${errorInLine(errorFromData(end.error))}`
  if (end?.kind === 'finished') return `finished on ${node}, but its result is not there any more`
  const begun = `begun on ${node} ${durationText(seconds)} ago and not ended`
  return scheduler === ''
    ? `${begun}: it is at work, or was ended from outside, with its node or by a limit of memory or time`
    : `${begun} by itself; the scheduler says: ${scheduler}`
}

/** What is known of a group by itself; null where no job of it has begun. */
async function explain(folder: string, { id, label }: WorkGroup): Promise<Unfinished | null> {
  const attempts = await readAttempts(folder, id)
  const scheduler = await schedulerWords(folder, id)
  const last = attempts.at(-1)
  if (last !== undefined)
    return { group: id, label, attempts: attempts.length, reason: describeEnd(last, scheduler) }
  if (scheduler === '') return null
  return { group: id, label, attempts: 0, reason: `ended before it began: ${scheduler}` }
}

/**
 * The groups that were tried in vain, with the reason, and those that wait for one of them.
 * @param missing groups without a result
 */
export async function whyUnfinished(folder: string, missing: readonly WorkGroup[]): Promise<Unfinished[]> {
  const tried = new Map<string, Unfinished>()
  for (const group of missing) {
    const explained = await explain(folder, group)
    if (explained !== null) tried.set(group.id, explained)
  }
  return missing.flatMap((group) => {
    const own = tried.get(group.id)
    if (own !== undefined) return [own]
    const prompts = group.kind === 'measuring' ? group.prompts : []
    const waitedFor = prompts.flatMap(({ id }) => tried.get(id)?.label ?? [])
    if (waitedFor.length === 0) return []
    return [{ group: group.id, label: group.label, attempts: 0, reason: `waits for ${waitedFor.join(', ')}` }]
  })
}
