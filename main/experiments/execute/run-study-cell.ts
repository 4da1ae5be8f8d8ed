/** Computes one group of a study for the queue, and keeps what a group has computed in the project. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { StudyGroup, StudyPlan } from '#main/experiments/plan/study-plan.ts'
import type { CellContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import type { ProjectReader, ProjectWriter } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import type { StudySettings, StudyWork } from '#store/records/work.ts'
import { workOf } from './group-work.ts'
import { type GroupOutcome, runGroup } from './groups/run-group.ts'
import { readDone, readPlan, whatIsLeft } from './stored-study.ts'

/** Keeps the outcome of a group; what is there already stays. */
export async function keepOutcome(
  { studies }: ProjectWriter,
  group: StudyGroup,
  outcome: GroupOutcome
): Promise<void> {
  if (outcome.kind === 'tuning') {
    const { id, vectors, ...tuning } = outcome.prompt
    await studies.addPrompt({ id, vectors, tuning })
  } else for (const result of outcome.results) await studies.addResult(result.id, result)
  await studies.addTime(group.id, { ...workOf(group), seconds: outcome.seconds })
}

async function tunedPrompt({ studies }: ProjectReader, id: string): Promise<Matrix> {
  const stored = await studies.prompt(id)
  if (stored !== undefined) return stored.vectors
  throw new AnchorageError('not-found', 'A prompt that the study tunes is not there.', {
    found: `no prompt ${id.slice(0, 12)}… in the project`,
    expected: 'a tuning that ended before what needs it',
    next: 'Run the study again: it tunes what is missing first.'
  })
}

/** Reads each plan once: a study of thousands of groups is some megabytes. */
export function studyCells(context: CellContext) {
  let known: { readonly id: string; readonly plan: StudyPlan } | null = null
  return async (
    { studyId }: StudySettings,
    { groupId }: StudyWork,
    { signal, onProgress }: CellControl
  ): Promise<StoreResult> => {
    const { engine, store, versions } = context
    if (known?.id !== studyId) known = { id: studyId, plan: await readPlan(store.read, studyId) }
    const { plan } = known
    const planned = requireFound(
      plan.groups.find(({ id }) => id === groupId),
      'group',
      groupId
    )
    const group = whatIsLeft(planned, await readDone(store.read))
    if (group === null) return async () => {}
    const outcome = await runGroup(group, {
      engine,
      signal,
      onProgress,
      anchors: plan.anchors.anchors,
      tunedPrompt: (id) => tunedPrompt(store.read, id),
      versions: await versions()
    })
    return (writer) => keepOutcome(writer, group, outcome)
  }
}
