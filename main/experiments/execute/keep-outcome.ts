/** Keeps what a group has computed in the project: every result is a run, with the prompt that it found. */
import type { Prompt } from '#engine/common/contract/prompts.ts'
import { originRun } from '#engine/common/contract/prompts.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import type { MeasuringGroup, PlannedCell, WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { requirePrompt } from '#main/experiments/plan/planned-manifest.ts'
import { commonValue } from '#main/project/common-value.ts'
import type { ProjectReader, ProjectWriter } from '#store/project-store.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { NewRun } from '#store/records/runs.ts'
import { workOf } from './group-work.ts'
import type { GroupOutcome } from './groups/run-group.ts'
import type { ComputedRun } from './results.ts'
import { storeRun } from './store-run.ts'

/** Whether a run's prompt would be the same with other weights of its target: it was found by the table alone. */
function isFoundByTable({ tuning, refinement, selection }: RunManifest): boolean {
  return tuning === null && refinement === undefined && selection !== 'validation'
}

/** The evaluated run of a prompt as it is: of the one that found it on the target's table or tuned it on the target, where there is one. */
export async function runOfPrompt(
  { runs }: Pick<ProjectReader, 'runs'>,
  run: NewRun,
  stored: StoredPrompt
): Promise<NewRun> {
  const { target, task, template, evaluation, relation, device } = run.manifest
  const id = originRun(stored.prompt.origin)
  const found = id === null ? undefined : await runs.get(id)
  const [before, now] = [found?.manifest.target.fingerprint, target.fingerprint]
  const isSame =
    found !== undefined &&
    before?.table === now.table &&
    (before.weights === now.weights || isFoundByTable(found.manifest))
  if (!isSame) return { ...run, promptId: stored.id }
  const { manifest, ...rest } = found
  return {
    ...rest,
    cellId: run.cellId,
    promptId: stored.id,
    manifest: {
      ...manifest,
      target,
      task,
      template,
      evaluation,
      relation: manifest.relation ?? relation,
      device: manifest.selection === 'none' ? { ...device, asked: manifest.device.asked } : manifest.device
    },
    scores: run.scores,
    predictions: run.predictions,
    evaluationSeconds: run.evaluationSeconds
  }
}

/** Where the vectors stand that sources' prompts became: where theirs do, if all agree. */
function positionOf(group: MeasuringGroup, { sources }: PlannedCell): Prompt['position'] {
  const prompts = sources.map(({ prompt }) => requirePrompt(group, prompt))
  return commonValue(prompts.map((one) => (one.from === 'project' ? one.position : 'template'))) ?? 'unknown'
}

/** How a run is stored: the cell of the queue that computed it, and whether a plan knows it by the id of its own cell. */
type Keeping = { readonly cellId: string | null; readonly isPlanned: boolean }

async function keepMeasured(
  writer: ProjectWriter,
  group: MeasuringGroup,
  { id, vectors, ...computed }: ComputedRun,
  { cellId, isPlanned }: Keeping
): Promise<void> {
  const cell = requireFound(
    group.cells.find((one) => one.id === id),
    'cell',
    id
  )
  const { recipe = null } = computed.manifest.prompt ?? {}
  const run: NewRun = { ...computed, cellId, promptId: null }
  if (cell.method.kind === 'prompt' && cell.prompt !== null) {
    const stored = requireFound(await writer.prompts.get(cell.prompt), 'prompt', cell.prompt)
    await writer.runs.put(await runOfPrompt(writer, run, stored))
    return
  }
  const tuned = vectors === null && recipe !== null ? await writer.prompts.byRecipe(recipe) : undefined
  const found = vectors === null ? null : { vectors, position: positionOf(group, cell) }
  const known = isPlanned ? { plannedHash: id } : {}
  await storeRun(writer, { ...run, ...known, promptId: tuned?.id ?? null }, found)
}

/** Keeps a tuned prompt, which is known by its recipe. */
export async function keepTuned(
  writer: ProjectWriter,
  { id: _, vectors, ...run }: ComputedRun,
  cellId: string | null
): Promise<void> {
  const found = vectors === null ? null : { vectors, position: 'template' as const }
  await storeRun(writer, { ...run, cellId, promptId: null }, found)
}

/** Keeps the outcome of a group; what is there already stays. */
export async function keepOutcome(
  writer: ProjectWriter,
  group: WorkGroup,
  outcome: GroupOutcome,
  keeping: Keeping
): Promise<void> {
  if (outcome.kind === 'tuning') await keepTuned(writer, outcome.run, keeping.cellId)
  else if (group.kind === 'measuring') {
    for (const run of outcome.runs) await keepMeasured(writer, group, run, keeping)
  }
  if (keeping.isPlanned)
    await writer.experiments.addTime(group.id, { ...workOf(group), seconds: outcome.seconds })
}
