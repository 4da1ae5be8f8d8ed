/** The models of the paper, and what a model's name says of its family, size and kind. */

/** From small to large, as model families call their sizes. */
const sizes = ['tiny', 'mini', 'small', 'base', 'medium', 'large', 'xl'] as const

/** Parts of a name that say where a copy comes from or how it treats case, not which model it is. */
const asides = /^.*\/|-(cased|uncased|v1|v2|en|onnx)(?=-|$)/g

/** A name as `family-size`; GPT-2's smallest, which has no size in its name, is small. */
function canonicalName(model: string): string {
  const name = model.toLowerCase().replaceAll('_', '-').replaceAll(asides, '')
  return /^gpt-?2$/.test(name) ? 'gpt2-small' : name.replace(/^gpt-2/, 'gpt2')
}

export const paperModels = [
  'bert-base',
  'bert-large',
  'roberta-base',
  'roberta-large',
  'albert-base',
  'albert-large',
  'gpt2-small',
  'gpt2-medium',
  'gpt2-large'
] as const
export type PaperModel = (typeof paperModels)[number]

/** The model of the paper that goes by this name; null where there is none. */
export function paperModel(model: string): PaperModel | null {
  const name = canonicalName(model)
  return paperModels.find((known) => known === name) ?? null
}

/** A model's family and the place of its size in {@link sizes}; null where its name does not say. */
export function familyAndSize(model: string): { family: string; size: number } | null {
  const name = canonicalName(model)
  const size = sizes.findIndex((one) => name.endsWith(`-${one}`))
  const word = sizes[size]
  return word === undefined ? null : { family: name.slice(0, -word.length - 1), size }
}

/** Whether a model's name is that of a family that predicts the next word. */
export function isDecoder(model: string): boolean {
  return /gpt|llama|opt-|pythia|qwen|mistral|phi-|gemma|bloom/.test(canonicalName(model))
}
