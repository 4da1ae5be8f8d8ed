/**
 * What the arms of a race answer on one task: known from runs that the project has and from earlier races, else asked. What is
 * whole in the end is a run; what is not is kept for the next race.
 */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type {
  EvaluationResult,
  LabelledPrediction,
  SkippedExamples
} from '#engine/common/contract/evaluation.ts'
import { runInputs } from '#engine/common/contract/runs.ts'
import type { SplitName } from '#engine/common/contract/tasks.ts'
import { scorePredictions } from '#engine/common/statistics/score-predictions.ts'
import { unfollowed } from '#main/experiments/execute/groups/follow-searches.ts'
import type { FoundCell } from '#main/experiments/execute/groups/group-transfer.ts'
import { computedRun, findGroupPrompts } from '#main/experiments/execute/groups/measure-group.ts'
import { keepOutcome } from '#main/experiments/execute/keep-outcome.ts'
import { inputContext, locateMeasuring } from '#main/experiments/execute/run-work-group.ts'
import { plannedManifest } from '#main/experiments/plan/planned-manifest.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { CellControl } from '#main/queue/queue.ts'
import type { ProjectWriter } from '#store/project-store.ts'
import { hashContent, requireFound } from '#store/records/row.ts'
import type { RaceGroup } from './race-arms.ts'

type ArmAnswers = {
  readonly found: FoundCell
  /** Of the run that it would be. */
  readonly inputsHash: string
  /** Whether the project has that run. */
  isRun: boolean
  /** Rank of the label by the id of the example, as far as it is known. */
  readonly ranks: Map<string, number>
  /** What is no run yet, by the id of the example. */
  readonly predictions: Map<string, LabelledPrediction>
  /** How many of them the project holds. */
  kept: number
  seconds: number
}

/** A task of a race, with what each arm puts into its template. */
export type TaskAnswers = {
  /** On the split that is raced on, its cells in the order of the arms. */
  readonly group: RaceGroup
  /** Ids of those that count, in their order. */
  readonly examples: readonly string[]
  /** Of each of them. */
  readonly labels: readonly string[]
  readonly skipped: SkippedExamples
  readonly arms: readonly ArmAnswers[]
  /** How the target was asked; null until it was. */
  how: (Pick<EvaluationResult, 'device' | 'candidates'> & { readonly template: string }) | null
}

/** An arm with what the project knows of its answers. */
async function armOf(
  { store: { read } }: WorkbenchContext,
  group: RaceGroup,
  found: FoundCell
): Promise<ArmAnswers> {
  const inputsHash = hashContent(runInputs(plannedManifest(found.cell, group)))
  const run = await read.runs.byInputs(inputsHash)
  const whole = run === undefined ? null : await read.runs.predictions(run.id)
  const partial = whole ? [] : await read.races.partial(inputsHash)
  return {
    found,
    inputsHash,
    isRun: Boolean(whole),
    ranks: new Map((whole ?? partial).map(({ example, rank }) => [example, rank])),
    predictions: new Map(partial.map((prediction) => [prediction.example, prediction])),
    kept: partial.length,
    seconds: 0
  }
}

/**
 * Finds the prompts of a task's arms, and which of its examples count.
 * @param planned anchors of the experiment that it is of
 */
export async function openTask(
  project: WorkbenchContext,
  group: RaceGroup,
  split: SplitName,
  planned: AnchorSet | null,
  control: CellControl
): Promise<TaskAnswers> {
  const located = await locateMeasuring(project, group, control)
  const context = await inputContext(project, group, planned, control)
  const { group: whole, found } = await findGroupPrompts(located, context)
  const task = whole.task ?? group.task
  const raced: RaceGroup = { ...whole, task, evaluation: { ...group.evaluation, split } }
  const byArm = new Map(found.map((one) => [one.cell.id, one]))
  const inOrder = raced.cells.map(({ id }) => requireFound(byArm.get(id), 'prompt of', id))
  const { examples, labels, skipped } = await project.engine.call(
    'evaluation.examples',
    {
      ...{ model: raced.target.reference, task: task.source, split, limit: task.limit },
      ...{ rankWithin: raced.evaluation.rankWithin, device: raced.device },
      conditions: inOrder.slice(0, 1).map(({ condition }) => condition)
    },
    { signal: control.signal }
  )
  const arms: ArmAnswers[] = []
  for (const one of inOrder) arms.push(await armOf(project, raced, one))
  return { group: raced, examples, labels, skipped, arms, how: null }
}

/** Asks arms examples that are not known of all of them. */
async function ask(
  { engine }: WorkbenchContext,
  task: TaskAnswers,
  arms: readonly ArmAnswers[],
  only: readonly string[],
  signal: AbortSignal
): Promise<void> {
  const { target, task: planned, device, evaluation } = task.group
  const answer = await engine.call(
    'evaluation.run',
    {
      ...{ model: target.reference, task: planned.source, limit: planned.limit, device, only: [...only] },
      ...{ split: evaluation.split, rankWithin: evaluation.rankWithin },
      conditions: arms.map(({ found }) => found.condition)
    },
    { signal }
  )
  for (const [at, arm] of arms.entries()) {
    const { template, predictions } = requireFound(answer.conditions[at], 'answer for', arm.found.cell.id)
    for (const one of predictions) {
      arm.ranks.set(one.example, one.rank)
      arm.predictions.set(one.example, one)
    }
    arm.seconds += answer.seconds / arms.length
    task.how = { device: answer.device, candidates: answer.candidates, template }
  }
}

/** `[arms][only]` 1 where the label is ranked first, and how many of the answers were asked for. */
export async function answersTo(
  project: WorkbenchContext,
  task: TaskAnswers,
  places: readonly number[],
  only: readonly string[],
  signal: AbortSignal
): Promise<{ scores: number[][]; asked: number }> {
  const arms = places.map((place) => requireFound(task.arms[place], 'arm', `${place}`))
  const isUnknown = (example: string, { ranks }: ArmAnswers): boolean => !ranks.has(example)
  const unknowing = arms.filter((arm) => only.some((example) => isUnknown(example, arm)))
  const unknown = only.filter((example) => unknowing.some((arm) => isUnknown(example, arm)))
  if (unknown.length > 0) await ask(project, task, unknowing, unknown, signal)
  return {
    scores: arms.map(({ ranks }) => only.map((example) => (ranks.get(example) === 1 ? 1 : 0))),
    asked: unknowing.length * unknown.length
  }
}

/**
 * Keeps what was answered since it was kept last: arms that were asked every example as runs, of the others what there is of
 * it. On a part of a split an accuracy compares with no other run's.
 */
export async function keepAnswers(
  writer: ProjectWriter,
  { group, examples, skipped, arms, how }: TaskAnswers,
  versions: Readonly<Record<string, string>>
): Promise<void> {
  if (how === null) return
  const { device, candidates, template } = how
  for (const arm of arms) {
    const { found, inputsHash, isRun, predictions: known, kept, seconds } = arm
    if (isRun || known.size === kept) continue
    const predictions = examples.flatMap((example) => known.get(example) ?? [])
    const isWhole = predictions.length === examples.length
    await writer.races.keepPartial(inputsHash, isWhole ? [] : predictions)
    arm.kept = known.size
    if (!isWhole) continue
    arm.isRun = true
    const answers = { name: found.cell.id, template, skipped, predictions, device, candidates }
    const scored = { ...answers, scores: scorePredictions(predictions), evaluationSeconds: seconds }
    const runs = [computedRun(unfollowed(found), scored, group, { versions })]
    const outcome = { kind: 'measuring' as const, runs, seconds }
    await keepOutcome(writer, group, outcome, { cellId: null, isPlanned: false })
  }
}
