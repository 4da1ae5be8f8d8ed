/**
 * Races sets of sources on a split of their tasks: finds their prompts, asks a block of examples at a time, and names the
 * best. What was answered is kept in the project block by block, so that a race that was stopped asks on.
 */
import type { z } from 'zod'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { RacedSet, RaceRecord, raceSettingsSchema } from '#engine/common/contract/races.ts'
import { conditionInputs } from '#engine/common/contract/runs.ts'
import { type RaceAnswers, type RaceRequest, type RaceResult, race } from '#engine/common/statistics/race.ts'
import { plannedManifest, requireSource } from '#main/experiments/plan/planned-manifest.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import { readVersions } from '#main/project/versions.ts'
import type { CellControl } from '#main/queue/queue.ts'
import type { ProjectWriter } from '#store/project-store.ts'
import { hashContent, requireFound } from '#store/records/row.ts'
import type { RaceArms, RaceGroup } from './race-arms.ts'
import { answersTo, keepAnswers, openTask, type TaskAnswers } from './task-answers.ts'

export type RaceSettings = z.output<typeof raceSettingsSchema>

/** What a race asks for, `[arms][examples]`, by the places of all examples; and how many answers were asked anew. */
async function answerRequest(
  project: WorkbenchContext,
  tasks: readonly TaskAnswers[],
  places: readonly { readonly task: number; readonly example: string }[],
  { arms, examples }: RaceRequest,
  signal: AbortSignal,
  onAnswers: (answered: number) => void
): Promise<{ scores: RaceAnswers; asked: number }> {
  const scores = arms.map(() => new Float64Array(examples.length))
  let [answered, asked] = [0, 0]
  for (const [task, one] of tasks.entries()) {
    const mine = examples.flatMap((place, at) => {
      const found = places[place]
      return found?.task === task ? [{ at, example: found.example }] : []
    })
    if (mine.length === 0) continue
    const only = mine.map(({ example }) => example)
    const answers = await answersTo(project, one, arms, only, signal)
    asked += answers.asked
    for (const [arm, row] of answers.scores.entries())
      for (const [index, { at }] of mine.entries()) scores[arm]?.set([row[index] ?? 0], at)
    answered += arms.length * mine.length
    onAnswers(answered)
  }
  return { scores, asked }
}

/** The sets with their sources by name and fingerprint, and how far each came. */
function setsOf(tasks: readonly TaskAnswers[], arms: RaceResult['arms']): RacedSet[] {
  return arms.map((arm, place) => {
    const matchings = tasks.flatMap((task) => task.arms[place]?.found.matching ?? [])
    const { group } = requireFound(tasks[0], 'task', '0')
    const { sources } = requireFound(group.cells[place], 'set', `${place}`)
    return {
      ...arm,
      sources: sources.map(({ model, weight }) => {
        const { name, fingerprint } = requireSource(group, model)
        return { model: { name, fingerprint }, weight }
      }),
      agreement:
        matchings.length < tasks.length
          ? null
          : matchings.reduce((sum, value) => sum + value, 0) / matchings.length
    }
  })
}

/** The settings that all sets are of, by the first cell of a group. */
export function sharedSettings(group: RaceGroup): Pick<RaceRecord, 'target' | 'transfer' | 'rankWithin'> {
  const first = requireFound(group.cells[0], 'set', '0')
  const { target, method, seed, length, anchors, mask, centre, rescale } = plannedManifest(first, group)
  return {
    target,
    transfer: { method, seed, length, anchors, mask, centre, rescale },
    rankWithin: group.evaluation.rankWithin
  }
}

/** The ids of a set's conditions, one per task. */
function conditionIds(tasks: readonly TaskAnswers[], place: number): string[] {
  return tasks.map(({ group }) => {
    const cell = requireFound(group.cells[place], 'set', `${place}`)
    return hashContent(conditionInputs(plannedManifest(cell, group)))
  })
}

/** What a race found, and how the project keeps it, with the conditions that it chose. */
type FoundBest = { readonly record: RaceRecord; readonly keep: (writer: ProjectWriter) => Promise<string> }

/**
 * The best of the arms by the labels of a split. Its progress is in prompts found and answers.
 * @param planned anchors of the experiment that they are of
 * @throws what the engine says of the work, `cancelled`; what was answered until then is kept
 */
export async function runRace(
  project: WorkbenchContext,
  { arms, groups }: RaceArms,
  settings: RaceSettings,
  planned: AnchorSet | null,
  control: CellControl
): Promise<FoundBest> {
  const { signal, onProgress } = control
  const quiet = { signal, onProgress: () => {} }
  const versions = await readVersions(project.engine)
  const prompts = arms.length * groups.length
  const expected = groups.reduce((sum, { task }) => sum + task.examples[settings.split], 0)
  const answersExpected = Math.floor((settings.budget ?? 1) * arms.length * expected)
  const tasks: TaskAnswers[] = []
  for (const [done, group] of groups.entries()) {
    const label = `finding the prompts of ${arms.length} sets`
    onProgress({ done: done * arms.length, total: prompts + answersExpected, label })
    tasks.push(await openTask(project, group, settings.split, planned, quiet))
  }
  const keepAll = () =>
    project.store.write(async (writer) => {
      for (const task of tasks) await keepAnswers(writer, task, versions)
    })
  const places = tasks.flatMap((one, task) => one.examples.map((example) => ({ task, example })))
  const running = race({
    ...settings,
    arms: arms.length,
    strata: places.map(({ task }) => `${task}`),
    labels: tasks.flatMap(({ labels }) => labels)
  })
  let askedAnew = 0
  let step = running.next()
  while (!step.done) {
    const { arms: left, answers: before, most } = step.value
    const label = `${left.length} of ${arms.length} sets left`
    const tell = (answered: number): void =>
      onProgress({ done: prompts + before + answered, total: prompts + most, label })
    tell(0)
    try {
      const { scores, asked } = await answerRequest(project, tasks, places, step.value, signal, tell)
      askedAnew += asked
      step = running.next(scores)
    } finally {
      await keepAll()
    }
  }
  const { arms: ended, chosen, shortfall, answers } = step.value
  const record: RaceRecord = {
    ...settings,
    ...sharedSettings(requireFound(tasks[0], 'task', '0').group),
    tasks: tasks.map(({ group: { task } }) => ({ name: task.name, sha256: task.sha256 })),
    sets: setsOf(tasks, ended),
    chosen,
    shortfall,
    answers,
    all: arms.length * places.length,
    known: answers - askedAnew,
    examples: places.length
  }
  return { record, keep: (writer) => writer.races.add(record, conditionIds(tasks, chosen)) }
}
