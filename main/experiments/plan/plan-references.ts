/** Plans evaluations and tunings of the project's own models and tasks. */
import type { EvaluationSettings } from '#engine/common/contract/runs.ts'
import type { TuningSettings } from '#engine/common/contract/tuning.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'
import { bestWords, type MeasuringGroup, type PlannedCell, type TuningGroup } from './experiment-plan.ts'
import { type PlannedJob, projectPrompt, registeredModel, registeredTask } from './registered-inputs.ts'

/** What stands in a task's template: a prompt as it is, the manual template, random vectors. */
export type Evaluated =
  | { readonly kind: 'prompt'; readonly stored: StoredPrompt }
  | { readonly kind: 'manual' }
  | { readonly kind: 'random'; readonly vectors: number; readonly seed: number }

export type EvaluationOrder = EvaluationSettings & {
  readonly model: RegisteredModel
  readonly cells: readonly { readonly task: RegisteredTask; readonly conditions: readonly Evaluated[] }[]
  readonly device: string
}

/** What no reference has of a transfer's settings. */
const untransferred = {
  sources: [],
  anchors: null,
  mask: null,
  centre: 'none',
  rescale: null
} satisfies Partial<PlannedCell>

function cellOf(condition: Evaluated, id: string): PlannedCell {
  const cell = { id, ...untransferred, prompt: null, seed: null, length: null, template: null }
  switch (condition.kind) {
    case 'manual':
      return { ...cell, method: { kind: 'manual' } }
    case 'random':
      return { ...cell, method: { kind: 'random' }, seed: condition.seed, length: condition.vectors }
    case 'prompt': {
      const {
        id: prompt,
        prompt: { vectors, template }
      } = condition.stored
      return { ...cell, method: { kind: 'prompt' }, prompt, length: vectors.rows, template }
    }
  }
}

/** The job of an evaluation: a group per task, each evaluated with everything in one pass. */
export function planEvaluation({
  model,
  cells,
  device,
  split,
  rankWithin,
  limit
}: EvaluationOrder): PlannedJob<MeasuringGroup> {
  const groups = cells.map(({ task, conditions }, index): MeasuringGroup => {
    const prompts = conditions.flatMap((one) => (one.kind === 'prompt' ? [projectPrompt(one.stored)] : []))
    return {
      kind: 'measuring',
      id: `${index}`,
      label: task.summary.name,
      device,
      task: registeredTask(task, limit),
      evaluation: { split, rankWithin, wordsKept: bestWords },
      target: registeredModel(model),
      sources: [],
      anchorsHash: null,
      anchorsName: '',
      prompts,
      cells: conditions.map((one, at) => cellOf(one, `${at}`))
    }
  })
  return { title: `${model.report.name} asked`, groups }
}

/** Where the vectors that are tuned start. */
export type TuningStart =
  | { readonly kind: 'random'; readonly vectors: number }
  | { readonly kind: 'manual' }
  | { readonly kind: 'prompt'; readonly stored: StoredPrompt }

export type TuningOrder = {
  readonly model: RegisteredModel
  readonly tasks: readonly RegisteredTask[]
  readonly seeds: readonly number[]
  readonly start: TuningStart
  /** Null: the usual one. */
  readonly template: string | null
  readonly settings: TuningSettings
  readonly device: string
}

function startOf(start: TuningStart): Pick<TuningGroup, 'start' | 'length'> {
  switch (start.kind) {
    case 'random':
      return { start: null, length: start.vectors }
    case 'manual':
      return { start, length: null }
    case 'prompt':
      return { start: { kind: 'prompt', prompt: projectPrompt(start.stored) }, length: null }
  }
}

/** The job of a tuning: a group per task and seed. */
export function planTuning({ model, tasks, seeds, start, ...order }: TuningOrder): PlannedJob<TuningGroup> {
  const title = `tuned on ${model.report.name}`
  const each = tasks.flatMap((task) => seeds.map((seed) => ({ task, seed })))
  const groups = each.map(({ task, seed }, index): TuningGroup => {
    const { name } = task.summary
    const label = seeds.length > 1 ? `${name}, seed ${seed}` : name
    return {
      kind: 'tuning',
      id: `${index}`,
      label,
      name: `${label} (${title})`,
      task: registeredTask(task, null),
      model: registeredModel(model),
      ...startOf(start),
      labels: null,
      seed,
      ...order
    }
  })
  return { title, groups }
}
