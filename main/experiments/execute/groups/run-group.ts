/** Runs one group of an experiment, wherever its inputs and its outcome are kept. */
import { z } from 'zod'
import type { WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { computedRunSchema } from '../results.ts'
import type { GroupContext } from './group-context.ts'
import { measureGroup } from './measure-group.ts'
import { tuneGroup } from './tune-group.ts'

/** What a group has computed. */
export const groupOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tuning'), run: computedRunSchema, seconds: z.number() }),
  z.object({ kind: z.literal('measuring'), runs: z.array(computedRunSchema), seconds: z.number() })
])
export type GroupOutcome = z.infer<typeof groupOutcomeSchema>

/** The outcome of a group, with the seconds that all of it took. Errors as the group's kind. */
export async function runGroup(group: WorkGroup, context: GroupContext): Promise<GroupOutcome> {
  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1000
  switch (group.kind) {
    case 'tuning':
      return { kind: 'tuning', run: await tuneGroup(group, context), seconds: seconds() }
    case 'measuring':
      return { kind: 'measuring', runs: await measureGroup(group, context), seconds: seconds() }
  }
}
