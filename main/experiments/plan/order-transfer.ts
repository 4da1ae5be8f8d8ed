/** Orders a transfer from folders and files: registers what it names, plans its cells and queues them. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { PromptChoice } from '#engine/common/contract/prompts.ts'
import { keepAnchorSet } from '#main/catalogue/anchor-sets.ts'
import { registerModel } from '#main/catalogue/models.ts'
import { importPrompts, importPromptTree } from '#main/catalogue/prompts.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { Project } from '#main/project/project.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import type { MeasuringGroup } from './experiment-plan.ts'
import { type PlannedSource, planTransfer, type TransferPlan } from './plan-transfer.ts'
import { jobOf, type PlannedJob } from './registered-inputs.ts'

export type TransferOrder = Pick<TransferPlan, 'settings' | 'evaluation' | 'seeds' | 'taskOf'> & {
  readonly sources: readonly {
    readonly model: ModelReference
    /** A prompt file or adapter folder, or a whole tree of relations. */
    readonly prompt: PromptChoice
    readonly weight: number
  }[]
  readonly target: ModelReference
  /** Null where the method needs none. */
  readonly anchors: AnchorSet | null
}

/** Imports what a path holds: one prompt, or a tree where it holds prompts of several relations. */
async function importSource(
  context: WorkbenchContext,
  choice: PromptChoice,
  model: RegisteredModel,
  signal: AbortSignal
): Promise<StoredPrompt[]> {
  const found = await context.engine.call('prompts.inspect', { path: choice.path }, { signal })
  const relations = new Set(found.candidates.map(({ relation }) => relation))
  if (relations.size <= 1) return await importPrompts(context, [{ choice, model }], signal)
  return await importPromptTree(context, choice, model, signal)
}

/** Registers and imports what the transfer names; its job, and what was left out of it. */
export async function prepareTransfer(
  project: WorkbenchContext,
  { sources, target, anchors, ...order }: TransferOrder,
  signal: AbortSignal
): Promise<{ job: PlannedJob<MeasuringGroup>; notes: string[] }> {
  const planned: PlannedSource[] = []
  for (const { model, prompt, weight } of sources) {
    const registered = await registerModel(project, model, signal)
    planned.push({
      model: registered,
      weight,
      prompts: await importSource(project, prompt, registered, signal)
    })
  }
  const registeredTarget = await registerModel(project, target, signal)
  const set = anchors === null ? null : (await keepAnchorSet(project, anchors)).set
  return planTransfer({
    ...order,
    sources: planned,
    target: registeredTarget,
    anchors: set === null ? null : { ...set, count: set.anchors.length }
  })
}

/** Queues the transfer; the id of its job and what was left out. */
export async function orderTransfer(
  project: Project,
  order: TransferOrder,
  signal: AbortSignal
): Promise<{ jobId: string; notes: string[] }> {
  const { job, notes } = await prepareTransfer(project, order, signal)
  return { jobId: await project.queue.add(jobOf(job)), notes }
}
