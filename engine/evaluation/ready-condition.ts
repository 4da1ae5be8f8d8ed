/** Conditions made ready for a model: a checked template, and vectors of the model's width. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { EvaluatedCondition } from '#engine/common/contract/evaluation.ts'
import { promptTemplate } from '#engine/common/contract/evaluation.ts'
import { type Matrix, requireFinite } from '#engine/common/contract/matrix.ts'
import type { Task } from '#engine/common/contract/tasks.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import { parseTemplate, type Template } from './template.ts'

export type ReadyCondition = {
  readonly name: string
  readonly template: Template
  /** `[m, e]`; `m` is 0 where the template has words alone. */
  readonly vectors: Matrix
}

type ModelSizes = Pick<LanguageModel, 'name' | 'width' | 'mean' | 'standardDeviation'>

/** The manual template, which must be there and have no vectors. */
export function manualTemplate(task: Task, template: string | null): Template {
  const source = template ?? task.template
  if (source === null) {
    throw new AnchorageError('needs-choice', `The task ${task.name} has no manual template.`, {
      where: task.name,
      expected: 'a template such as "[X] was born in [Y] ."',
      next: 'Give one, or the file LAMA_relations.jsonl that holds it.'
    })
  }
  const parsed = parseTemplate(source)
  if (parsed.vectors === 0) return parsed
  throw new AnchorageError('bad-argument', 'A manual template has words, not prompt vectors.', {
    where: source,
    found: `${parsed.vectors} vectors`,
    expected: 'no [V1] .. [Vm]',
    next: 'Evaluate a prompt with this template instead.'
  })
}

/**
 * The template of a prompt: the one given, or OptiPrompt's for its number of vectors.
 * @throws `mismatch` where width or number of vectors do not fit, `bad-value` for vectors that are not finite
 */
export function readyPrompt(
  name: string,
  vectors: Matrix,
  template: string | null,
  model: ModelSizes
): ReadyCondition {
  requireFinite(vectors, `the prompt ${name}`)
  if (vectors.columns !== model.width) {
    throw new AnchorageError('mismatch', `The prompt ${name} is not for this model: the widths differ.`, {
      where: name,
      found: `vectors of width ${vectors.columns}`,
      expected: `width ${model.width}, that of ${model.name}'s word embeddings`,
      next: 'Transfer the prompt to this model first.'
    })
  }
  const parsed = parseTemplate(template ?? promptTemplate(vectors.rows))
  if (parsed.vectors !== vectors.rows) {
    throw new AnchorageError('mismatch', `The template does not fit the prompt ${name}.`, {
      where: parsed.source,
      found: `${parsed.vectors} vectors in the template, ${vectors.rows} in the prompt`,
      expected: 'the same number',
      next: `Use a template with [V1] .. [V${vectors.rows}].`
    })
  }
  return { name, template: parsed, vectors }
}

/** Any condition, ready for the model. */
export function makeReadyCondition(
  condition: EvaluatedCondition,
  task: Task,
  model: ModelSizes
): ReadyCondition {
  switch (condition.kind) {
    case 'prompt':
      return readyPrompt(condition.name, condition.vectors, condition.template, model)
    case 'random':
      return readyPrompt(
        condition.name,
        randomVectors(condition.vectors, condition.seed, model),
        condition.template,
        model
      )
    case 'manual':
      return {
        name: condition.name,
        template: manualTemplate(task, condition.template),
        vectors: { rows: 0, columns: model.width, data: new Float32Array(0) }
      }
  }
}
