/** Computes one work group for the queue, of an experiment or of a job of its own. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { projectWeights } from '#main/catalogue/model-weights.ts'
import { modelIdentity, requireModel, requireWholeModel } from '#main/catalogue/models.ts'
import {
  asksSources,
  type MeasuringGroup,
  type PlannedModel,
  type PlannedTask,
  plannedGroupsSchema,
  type WorkGroup
} from '#main/experiments/plan/experiment-plan.ts'
import type { CellContext, WorkbenchContext } from '#main/project/context.ts'
import type { CellControl, RunCell } from '#main/queue/queue.ts'
import type { ProjectReader } from '#store/project-store.ts'
import type { Job } from '#store/records/jobs.ts'
import { readRow, requireFound } from '#store/records/row.ts'
import type { GroupContext, InputContext } from './groups/group-context.ts'
import { type GroupOutcome, runGroup } from './groups/run-group.ts'
import { keepOutcome } from './keep-outcome.ts'
import { readDone, readPlan, whatIsLeft } from './stored-experiment.ts'

/** The vectors of a prompt that the project holds, tuned by another group or given. */
function storedPrompts({ prompts }: ProjectReader): GroupContext['storedPrompt'] {
  return async ({ from, id }) => {
    if (from === 'project') return requireFound(await prompts.get(id), 'prompt', id).prompt.vectors
    const stored = await prompts.byRecipe(id)
    if (stored !== undefined) return stored.prompt.vectors
    throw new AnchorageError('not-found', 'A prompt that the experiment tunes is not there.', {
      found: `no prompt ${id.slice(0, 12)}… in the project`,
      expected: 'a tuning that ended before what needs it',
      next: 'Run the experiment again: it tunes what is missing first.'
    })
  }
}

/** Where models and tasks that the project has registered lie now. */
function locator(context: WorkbenchContext, control: CellControl) {
  return {
    table: async (model: PlannedModel): Promise<PlannedModel> => {
      if (model.registered === undefined) return model
      const found = await requireModel(context, model.registered, control.signal)
      return { ...model, ...modelIdentity(found), reference: found.reference }
    },
    whole: async (model: PlannedModel): Promise<PlannedModel> => {
      if (model.registered === undefined) return model
      const found = await requireWholeModel(context, model.registered, control)
      return { ...model, ...modelIdentity(found), reference: found.reference }
    },
    task: async (task: PlannedTask, { registered }: PlannedModel): Promise<PlannedTask> => {
      const known =
        registered === undefined ? undefined : await context.store.read.tasks.bySha256(task.sha256)
      return { ...task, source: known?.source ?? task.source }
    }
  }
}

/** The group with the models and the task that the project has registered where they lie now. */
export async function locateMeasuring(
  context: WorkbenchContext,
  group: MeasuringGroup,
  control: CellControl
): Promise<MeasuringGroup> {
  const find = locator(context, control)
  const sources: PlannedModel[] = []
  const findSource = asksSources(group) ? find.whole : find.table
  for (const model of group.sources) sources.push(await findSource(model))
  const { target, task } = group
  return task === null
    ? { ...group, sources, target: await find.table(target) }
    : { ...group, sources, target: await find.whole(target), task: await find.task(task, target) }
}

/** As `locateMeasuring`, of any group. */
async function locate(context: WorkbenchContext, group: WorkGroup, control: CellControl): Promise<WorkGroup> {
  if (group.kind === 'measuring') return await locateMeasuring(context, group, control)
  const find = locator(context, control)
  return {
    ...group,
    model: await find.whole(group.model),
    task: await find.task(group.task, group.model)
  }
}

/** The list that the anchors of a group are of. */
async function anchorsOf({ anchorSets }: ProjectReader, group: WorkGroup, planned: AnchorSet | null) {
  if (group.kind === 'tuning' || group.anchorsHash === null) return []
  const { anchorsHash, anchorsName } = group
  if (planned?.hash === anchorsHash) return planned.anchors
  return requireFound(await anchorSets.byHash(anchorsHash), 'anchor set', anchorsName).set.anchors
}

/** What the prompts of a group are found with, from the project. */
export async function inputContext(
  context: WorkbenchContext,
  group: WorkGroup,
  planned: AnchorSet | null,
  control: CellControl
): Promise<InputContext> {
  const { engine, store } = context
  return {
    engine,
    hashWeights: projectWeights(context),
    ...control,
    anchors: await anchorsOf(store.read, group, planned),
    storedPrompt: storedPrompts(store.read)
  }
}

/**
 * What a group computes, with the inputs of the project; nothing of it is kept.
 * @param planned anchors of the experiment that it is of
 */
export async function computeGroup(
  context: CellContext,
  group: WorkGroup,
  planned: AnchorSet | null,
  control: CellControl
): Promise<GroupOutcome> {
  const inputs = await inputContext(context, group, planned, control)
  const versions = await context.versions()
  return await runGroup(await locate(context, group, control), { ...inputs, versions })
}

type Groups = { readonly anchors: AnchorSet | null; readonly byId: ReadonlyMap<string, WorkGroup> }

async function groupsOf(read: ProjectReader, { id, experimentId }: Job): Promise<Groups> {
  const plan = experimentId === null ? null : await readPlan(read, experimentId)
  const groups =
    plan?.groups ?? readRow(plannedGroupsSchema, await read.jobs.groups(id), 'the groups of a job')
  return { anchors: plan?.anchors ?? null, byId: new Map(groups.map((group) => [group.id, group])) }
}

/** How the work groups of a project are computed; those of a job are read once: of an experiment of thousands they are some megabytes. */
export function workGroups(context: CellContext): RunCell {
  let known: { readonly jobId: string; readonly groups: Groups } | null = null
  return async (job, { id: cellId, groupId }, control) => {
    const { read } = context.store
    if (known?.jobId !== job.id) known = { jobId: job.id, groups: await groupsOf(read, job) }
    const { anchors, byId } = known.groups
    const planned = requireFound(byId.get(groupId), 'group', groupId)
    // A job of its own was asked for whatever is there; an experiment computes what is not.
    const isPlanned = job.experimentId !== null
    const group = isPlanned ? whatIsLeft(planned, await readDone(read)) : planned
    if (group === null) return async () => {}
    const outcome = await computeGroup(context, group, anchors, control)
    return (writer) => keepOutcome(writer, group, outcome, { cellId, isPlanned })
  }
}
