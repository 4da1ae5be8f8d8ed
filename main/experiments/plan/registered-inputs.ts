/** What a project has registered, as inputs of planned groups. */
import { modelIdentity } from '#main/catalogue/models.ts'
import type { NewJob } from '#store/records/jobs.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'
import type { PlannedModel, PlannedPrompt, PlannedTask, WorkGroup } from './experiment-plan.ts'

export function registeredModel(model: RegisteredModel): PlannedModel {
  return { ...modelIdentity(model), reference: model.reference, registered: model.id }
}

/** @param limit only the first so many examples; null: all */
export function registeredTask({ source, summary }: RegisteredTask, limit: number | null): PlannedTask {
  const { name, template, sha256, examples } = summary
  return { name, source, template, sha256, limit, examples }
}

export function projectPrompt({ id, sha256, recipe, prompt }: StoredPrompt): PlannedPrompt {
  const { name, relation, position } = prompt
  return { from: 'project', id, name, sha256, recipe, relation, position }
}

/** Groups to queue under a title. */
export type PlannedJob<Group extends WorkGroup = WorkGroup> = {
  readonly title: string
  readonly groups: readonly Group[]
}

/** The job as the queue takes it. */
export function jobOf({ title, groups }: PlannedJob): NewJob {
  const kind = groups.every((group) => group.kind === 'tuning') ? 'tuning' : 'measuring'
  const cells = groups.map(({ id, label }) => ({ label, groupId: id }))
  return { title, kind, experimentId: null, groups, cells }
}
