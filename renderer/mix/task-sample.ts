/** Which examples a mixture is tried on: the first of its task's dev split, so that the test split stays unseen. */
import type { SplitName } from '#engine/common/contract/tasks.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { type MixSetup, type MixSource, ownTask } from './mix-choice.ts'

export type TaskSample = {
  readonly taskId: string
  readonly name: string
  readonly split: SplitName
  readonly limit: number
}

/** The sample, or why there is none; both null where none was asked for. */
export type FoundSample = { readonly sample: TaskSample | null; readonly hindrance: string | null }

const mostExamples = 32

/** The relation that all prompts are of. */
export function relationOf(sources: readonly MixSource[]): string | null {
  const [first] = sources
  const relation = first?.prompt.relation ?? null
  return sources.every(({ prompt }) => prompt.relation === relation) ? relation : null
}

function taskOf(
  { task }: MixSetup,
  sources: readonly MixSource[],
  tasks: readonly TaskEntry[]
): TaskEntry | string {
  if (task !== ownTask) return tasks.find(({ id }) => id === task) ?? 'The task is no longer in the project.'
  const relation = relationOf(sources)
  if (relation === null) return 'The prompts have no relation in common: choose a task.'
  const named = tasks.filter(({ summary }) => summary.name === relation)
  return named.at(-1) ?? `Add the task “${relation}” to the project to see accuracy.`
}

export function findSample(
  setup: MixSetup,
  sources: readonly MixSource[],
  { models, tasks }: Lists
): FoundSample {
  const target = models.find(({ id }) => id === setup.targetId)
  if (setup.task === null || target === undefined) return { sample: null, hindrance: null }
  const { name, graph } = target.report
  if (graph.file === null) return { sample: null, hindrance: `${name} can’t be asked: ${graph.note}` }
  const task = taskOf(setup, sources, tasks)
  if (typeof task === 'string') return { sample: null, hindrance: task }
  if (task.missing)
    return { sample: null, hindrance: `The files of ${task.summary.name} are not where they were.` }
  const { examples } = task.summary
  const split = examples.dev > 0 ? 'dev' : 'test'
  const sample = { taskId: task.id, name: task.summary.name, split, limit: mostExamples } as const
  return { sample, hindrance: null }
}
