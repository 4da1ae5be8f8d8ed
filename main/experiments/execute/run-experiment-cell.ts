/** Computes one group of an experiment for the queue, and keeps what a group has computed in the project. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { projectWeights } from '#main/catalogue/model-weights.ts'
import type { ExperimentGroup, ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import type { CellContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import type { ProjectReader, ProjectWriter } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import type { ExperimentSettings, ExperimentWork } from '#store/records/work.ts'
import { workOf } from './group-work.ts'
import { type GroupOutcome, runGroup } from './groups/run-group.ts'
import { storeRun } from './store-run.ts'
import { readDone, readPlan, whatIsLeft } from './stored-experiment.ts'

/** Keeps the outcome of a group; what is there already stays. */
export async function keepOutcome(
  writer: ProjectWriter,
  group: ExperimentGroup,
  outcome: GroupOutcome,
  cellId: string | null
): Promise<void> {
  for (const { id: plannedHash, vectors, ...run } of outcome.kind === 'tuning'
    ? [outcome.run]
    : outcome.runs) {
    const { recipe = null } = run.manifest.prompt ?? {}
    const tuned = vectors === null && recipe !== null ? await writer.prompts.byRecipe(recipe) : undefined
    // A tuned prompt is known by its recipe.
    const known = outcome.kind === 'tuning' ? {} : { plannedHash }
    const found = vectors === null ? null : { vectors, position: 'template' as const }
    await storeRun(writer, { ...run, ...known, cellId, promptId: tuned?.id ?? null }, found)
  }
  await writer.experiments.addTime(group.id, { ...workOf(group), seconds: outcome.seconds })
}

async function tunedPrompt({ prompts }: ProjectReader, recipe: string): Promise<Matrix> {
  const stored = await prompts.byRecipe(recipe)
  if (stored !== undefined) return stored.prompt.vectors
  throw new AnchorageError('not-found', 'A prompt that the experiment tunes is not there.', {
    found: `no prompt ${recipe.slice(0, 12)}… in the project`,
    expected: 'a tuning that ended before what needs it',
    next: 'Run the experiment again: it tunes what is missing first.'
  })
}

/** Reads each plan once: an experiment of thousands of groups is some megabytes. */
export function experimentCells(context: CellContext) {
  let known: { readonly id: string; readonly plan: ExperimentPlan } | null = null
  return async (
    { experimentId }: ExperimentSettings,
    { groupId }: ExperimentWork,
    cellId: string,
    { signal, onProgress }: CellControl
  ): Promise<StoreResult> => {
    const { engine, store, versions } = context
    if (known?.id !== experimentId)
      known = { id: experimentId, plan: await readPlan(store.read, experimentId) }
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
      hashWeights: projectWeights(context),
      signal,
      onProgress,
      anchors: plan.anchors.anchors,
      tunedPrompt: (id) => tunedPrompt(store.read, id),
      versions: await versions()
    })
    return (writer) => keepOutcome(writer, group, outcome, cellId)
  }
}
