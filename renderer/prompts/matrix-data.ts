/** The prompts of a project as a matrix of relations and models: what each model has for each relation, and how good it is. */
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import type { EvaluationEntry, TaskEntry } from '#preload/contract/task-methods.ts'
import { modelOf } from '#renderer/mix/mix-choice.ts'
import { groupByKind, type KindGroup, relationInfos } from '#renderer/tasks/relation-kinds.ts'
import { holdsText, type PromptFilters, passes } from './prompt-filters.ts'

export type MatrixModel = {
  readonly key: string
  readonly name: string
  /** Null where the prompts' model is not in the project. */
  readonly model: ModelEntry | null
}

/** `filtered`: it has prompts, and the filter hides them all. */
export type CellState = 'tuned' | 'imported' | 'transferred' | 'missing' | 'filtered'

export type MatrixCell = {
  readonly key: string
  readonly relation: string
  readonly model: MatrixModel
  readonly state: CellState
  /** Tuned and imported ones before transferred, each newest first. */
  readonly prompts: readonly PromptSummary[]
  /** Of the first prompt, on its own model; null where it was not evaluated on the relation. */
  readonly evaluation: EvaluationEntry | null
}

export type MatrixRow = {
  readonly relation: string
  readonly label: string | null
  readonly cells: readonly MatrixCell[]
}

export type PromptMatrix = {
  readonly models: readonly MatrixModel[]
  readonly groups: readonly KindGroup<MatrixRow>[]
}

export type MatrixLists = {
  readonly prompts: readonly PromptSummary[]
  readonly models: readonly ModelEntry[]
  readonly tasks: readonly TaskEntry[]
  readonly evaluations: readonly EvaluationEntry[]
}

/** What stands in the place of a relation where a prompt is of none. */
export const noRelation = 'no relation'

function relationOf({ relation, task }: PromptSummary): string {
  return relation ?? task ?? noRelation
}

function modelsOf({ prompts, models }: MatrixLists): MatrixModel[] {
  const strangers = prompts.filter((prompt) => modelOf(prompt, models) === undefined)
  const names = [...new Set(strangers.map(({ model }) => model.name ?? 'unknown model'))]
  return [
    ...models.map((model) => ({ key: model.id, name: model.report.name, model })),
    ...names.map((name) => ({ key: `not in the project: ${name}`, name, model: null }))
  ]
}

const states: Record<PromptSummary['origin'], CellState> = {
  tuning: 'tuned',
  file: 'imported',
  run: 'transferred'
}

const orderOfOrigins = ['tuning', 'file', 'run'] as const

function inOrder(prompts: readonly PromptSummary[]): PromptSummary[] {
  const place = ({ origin }: PromptSummary): number => orderOfOrigins.indexOf(origin)
  return prompts.toSorted((a, b) => place(a) - place(b) || b.createdAt - a.createdAt)
}

/** Evaluations of prompts by the prompt, those of the test split first, then the newest. */
function evaluationsByPrompt(evaluations: readonly EvaluationEntry[]): Map<string, EvaluationEntry[]> {
  const byPrompt = new Map<string, EvaluationEntry[]>()
  const isTest = ({ split }: EvaluationEntry): number => Number(split === 'test')
  for (const one of evaluations.toSorted((a, b) => isTest(b) - isTest(a) || b.createdAt - a.createdAt)) {
    if (one.promptId === null) continue
    const known = byPrompt.get(one.promptId)
    if (known === undefined) byPrompt.set(one.promptId, [one])
    else known.push(one)
  }
  return byPrompt
}

function stateOf(all: readonly PromptSummary[], [first]: readonly PromptSummary[]): CellState {
  if (first !== undefined) return states[first.origin]
  return all.length === 0 ? 'missing' : 'filtered'
}

/**
 * Rows are the tasks of the project and what its prompts are of besides; columns its models, and those of prompts whose
 * model it lacks. The filter leaves rows and columns, and of the cells those prompts that pass.
 */
export function promptMatrix(lists: MatrixLists, filters: PromptFilters): PromptMatrix {
  const { prompts, models, tasks, evaluations } = lists
  const infos = relationInfos(tasks)
  const byPrompt = evaluationsByPrompt(evaluations)
  const byPlace = new Map<string, PromptSummary[]>()
  const place = (relation: string, model: string): string => JSON.stringify([relation, model])
  for (const prompt of prompts) {
    const known = modelOf(prompt, models)
    const key = known?.id ?? `not in the project: ${prompt.model.name ?? 'unknown model'}`
    const at = place(relationOf(prompt), key)
    byPlace.set(at, [...(byPlace.get(at) ?? []), prompt])
  }
  const columns = modelsOf(lists).filter(({ name }) => filters.model === null || name === filters.model)
  const names = [...new Set([...tasks.map(({ summary }) => summary.name), ...prompts.map(relationOf)])]
  const rows = names
    .filter((relation) => filters.relation === null || relation === filters.relation)
    .sort(
      (a, b) =>
        Number(a === noRelation) - Number(b === noRelation) || a.localeCompare(b, 'en', { numeric: true })
    )
    .map((relation) => {
      const label = infos.get(relation)?.label ?? null
      // Of a relation that was looked for, all prompts are.
      const isFound = holdsText(`${relation} ${label ?? ''}`, filters)
      const within = isFound ? { ...filters, text: '' } : filters
      const cells = columns.map((model): MatrixCell => {
        const key = place(relation, model.key)
        const all = byPlace.get(key) ?? []
        const shown = inOrder(all.filter((prompt) => passes(prompt, within)))
        const evaluation = byPrompt
          .get(shown[0]?.id ?? '')
          ?.find(({ task }) => relation === noRelation || task === relation)
        return {
          key,
          relation,
          model,
          state: stateOf(all, shown),
          prompts: shown,
          evaluation: evaluation ?? null
        }
      })
      return { relation, label, cells, isFound }
    })
    .filter(({ isFound, cells }) => isFound || cells.some((cell) => cell.prompts.length > 0))
  return { models: columns, groups: groupByKind(rows, ({ relation }) => relation, infos) }
}
