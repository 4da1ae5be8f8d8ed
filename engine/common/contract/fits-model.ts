/** Whether a prompt's vectors can stand among a model's word embeddings. */
import { AnchorageError } from './errors.ts'
import type { ModelReport } from './models.ts'
import type { Prompt } from './prompts.ts'

export type FitModel = Pick<ModelReport, 'name' | 'width' | 'fingerprint'>

/** The models whose embeddings are as wide as the prompt, its own model (by fingerprint, then name) first. */
export function modelsThatFit<M extends FitModel>(prompt: Prompt, models: readonly M[]): M[] {
  const { tableFingerprint, name } = prompt.model
  const likeness = (model: M): number => {
    if (model.fingerprint.table === tableFingerprint) return 2
    return model.name === name ? 1 : 0
  }
  return models
    .filter(({ width }) => width === prompt.vectors.columns)
    .sort((a, b) => likeness(b) - likeness(a))
}

/**
 * Checks a prompt against the model it is to be used with.
 * @param models the models that are known, to name those that would fit instead.
 * @returns a warning where the widths agree and the prompt says it belongs to another table, else null.
 * @throws `mismatch` where the widths differ.
 */
export function fitsModel(prompt: Prompt, model: FitModel, models: readonly FitModel[]): string | null {
  if (model.width !== prompt.vectors.columns) {
    const fitting = modelsThatFit(prompt, models).map(({ name, width }) => `${name} (${width})`)
    throw new AnchorageError('mismatch', 'The prompt is not as wide as the embeddings of the model.', {
      where: `${prompt.name} on ${model.name}`,
      found: `vectors of ${prompt.vectors.columns} values`,
      expected: `${model.width}, the width of the word embeddings of ${model.name}`,
      next:
        fitting.length > 0
          ? `Use a model that fits: ${fitting.join(', ')}.`
          : 'None of the known models fits: open the one that the prompt was tuned on.'
    })
  }
  const { tableFingerprint } = prompt.model
  if (tableFingerprint === null || tableFingerprint === model.fingerprint.table) return null
  const own = prompt.model.name ?? 'another model'
  return `${prompt.name} was tuned on ${own}, whose embedding table differs from that of ${model.name}.`
}

/**
 * The prompt as one of `model`, with a warning where it says that it belongs to another table of that width.
 * @throws `mismatch` where the widths differ
 */
export function belongingTo(prompt: Prompt, model: FitModel, models: readonly FitModel[]): Prompt {
  const warning = fitsModel(prompt, model, models)
  return {
    ...prompt,
    model: { name: model.name, tableFingerprint: model.fingerprint.table },
    warnings: warning === null ? prompt.warnings : [...prompt.warnings, warning]
  }
}
