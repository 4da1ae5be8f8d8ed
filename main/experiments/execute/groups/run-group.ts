/** Runs one group of a study, wherever its inputs and its outcome are kept. */
import { z } from 'zod'
import type { StudyGroup } from '#main/experiments/plan/study-plan.ts'
import { studyResultSchema } from '../results.ts'
import type { GroupContext } from './group-context.ts'
import { measureGroup } from './measure-group.ts'
import { tunedPromptSchema, tuneGroup } from './tune-group.ts'

/** What a group has computed. */
export const groupOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tuning'), prompt: tunedPromptSchema, seconds: z.number() }),
  z.object({ kind: z.literal('measuring'), results: z.array(studyResultSchema), seconds: z.number() })
])
export type GroupOutcome = z.infer<typeof groupOutcomeSchema>

/** The outcome of a group, with the seconds that all of it took. Errors as the group's kind. */
export async function runGroup(group: StudyGroup, context: GroupContext): Promise<GroupOutcome> {
  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1000
  switch (group.kind) {
    case 'tuning':
      return { kind: 'tuning', prompt: await tuneGroup(group, context), seconds: seconds() }
    case 'measuring':
      return { kind: 'measuring', results: await measureGroup(group, context), seconds: seconds() }
  }
}
