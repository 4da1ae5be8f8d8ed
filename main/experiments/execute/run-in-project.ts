/** Computes a group in a project and keeps it there, for a command that waits for its outcome. */
import type { WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import { readVersions } from '#main/project/versions.ts'
import type { GroupOutcome } from './groups/run-group.ts'
import { keepOutcome } from './keep-outcome.ts'
import { computeGroup, type GroupControl } from './run-work-group.ts'

/** The outcome, which is in the project when this returns. @throws as the group's kind, `cancelled` */
export async function runInProject(
  project: WorkbenchContext,
  group: WorkGroup,
  control: GroupControl
): Promise<GroupOutcome> {
  const versions = () => readVersions(project.engine)
  const outcome = await computeGroup({ ...project, versions }, group, null, control)
  await project.store.write((writer) =>
    keepOutcome(writer, group, outcome, { cellId: null, isPlanned: false })
  )
  return outcome
}
