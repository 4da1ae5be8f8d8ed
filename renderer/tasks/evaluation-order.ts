/** What a person has chosen to ask a model, complete or not, and the order that it makes. */
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import type { EvaluationChoice as Settings, TaskEntry } from '#preload/contract/task-methods.ts'

export type EvaluationChoice = Settings & {
  readonly modelId: string | null
  readonly taskIds: readonly string[]
  readonly promptIds: readonly string[]
  /** Prompts that name a relation or task are asked of that one alone. */
  readonly ownTasksOnly: boolean
  readonly manual: boolean
  /** Random vectors beside them: how many and by which seed; null: none. */
  readonly random: { readonly vectors: number; readonly seed: number } | null
}

export const startingEvaluation: EvaluationChoice = {
  modelId: null,
  taskIds: [],
  promptIds: [],
  ownTasksOnly: true,
  manual: true,
  random: null,
  split: 'test',
  rankWithin: 'candidates',
  limit: null
}

type Lists = { readonly tasks: readonly TaskEntry[]; readonly prompts: readonly PromptSummary[] }

function isOwn({ relation, task }: PromptSummary, name: string): boolean {
  const own = relation ?? task
  return own === null || own === name
}

function conditionsOf({ summary }: TaskEntry, choice: EvaluationChoice, prompts: readonly PromptSummary[]) {
  const { promptIds, ownTasksOnly, manual, random } = choice
  const asked = prompts.filter(
    (prompt) => promptIds.includes(prompt.id) && (!ownTasksOnly || isOwn(prompt, summary.name))
  )
  return [
    ...asked.map(({ id }) => ({ kind: 'prompt' as const, promptId: id })),
    // A task without a template has nothing to ask by hand.
    ...(manual && summary.template !== null ? [{ kind: 'manual' as const }] : []),
    ...(random === null ? [] : [{ kind: 'random' as const, ...random }])
  ]
}

/** The order, or null while something is missing; tasks with nothing to ask are left out. */
export function completeEvaluation(choice: EvaluationChoice, { tasks, prompts }: Lists) {
  const { modelId, taskIds, split, rankWithin, limit } = choice
  const cells = tasks
    .filter(({ id }) => taskIds.includes(id))
    .map((task) => ({ taskId: task.id, conditions: conditionsOf(task, choice, prompts) }))
    .filter(({ conditions }) => conditions.length > 0)
  return modelId === null || cells.length === 0 ? null : { modelId, cells, split, rankWithin, limit }
}
