/** Puts a planned study into a project: the plan is stored, and a job is queued with what is not done yet. */

import type { StudyPlan } from '#main/experiments/plan/study-plan.ts'
import type { Project } from '#main/project/project.ts'
import { groupsLeft, planId, readDone } from './stored-study.ts'

export type StudyOrder = {
  readonly studyId: string
  /** Null where everything is done. */
  readonly jobId: string | null
}

/** Stores the plan and queues its missing groups, those that tune first. */
export async function orderStudy({ store, queue }: Project, plan: StudyPlan): Promise<StudyOrder> {
  const studyId = planId(plan)
  await store.write(({ studies }) => studies.addPlan(studyId, plan.study.name, plan))
  const groups = groupsLeft(plan, await readDone(store.read))
  if (groups.length === 0) return { studyId, jobId: null }
  const jobId = await queue.add({
    title: `Study: ${plan.study.name}`,
    settings: { kind: 'study', studyId },
    cells: groups.map(({ id, label }) => ({ label, work: { kind: 'study', groupId: id } }))
  })
  return { studyId, jobId }
}
