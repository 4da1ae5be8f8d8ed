/** Under which names a checkpoint may hold a weight: those that `transformers` maps to today's when it loads one. */

const oldNames: Readonly<Record<string, string>> = { weight: 'gamma', bias: 'beta' }

/** `LayerNorm.weight` was `LayerNorm.gamma` in checkpoints made from TensorFlow's. */
function oldNormName(name: string): string {
  const [kind = '', layer = '', ...before] = name.split('.').reverse()
  const isOfNorm = layer.toLowerCase().includes('norm') && Object.hasOwn(oldNames, kind)
  return isOfNorm ? [...before.reverse(), layer, oldNames[kind]].join('.') : name
}

/** Biases of heads that checkpoints hold as the bias of the head's linear layer instead. */
const headBiases: ReadonlyMap<string, string> = new Map([
  ['cls.predictions.bias', 'cls.predictions.decoder.bias'],
  ['lm_head.bias', 'lm_head.decoder.bias'],
  ['predictions.bias', 'predictions.decoder.bias'],
  ['generator_lm_head.bias', 'generator_predictions.bias']
])

/** Tables that both halves of an encoder-decoder read, under the names that each half has for it. */
const sharedTables: ReadonlyMap<string, readonly string[]> = new Map(
  ['', 'model.'].map((prefix) => [
    `${prefix}shared.weight`,
    [`${prefix}encoder.embed_tokens.weight`, `${prefix}decoder.embed_tokens.weight`]
  ])
)

/** Models of text and images hold their language model under these prefixes, the later one since 2025. */
function insideOfMultimodal(name: string): string[] {
  return [
    `language_model.${name}`,
    ...(name.startsWith('model.') ? [name.replace('model.', 'model.language_model.')] : [])
  ]
}

/**
 * The names to look for, today's first: of a checkpoint of the whole model, of one saved without its head (whose
 * names lack the first part: `embeddings.…` for `bert.embeddings.…`), and the old ones of both.
 */
export function checkpointNames(name: string): readonly string[] {
  const bare = name.slice(name.indexOf('.') + 1)
  const other = headBiases.get(name)
  const others = [...(other === undefined ? [] : [other]), ...(sharedTables.get(name) ?? [])]
  const present = [name, bare, ...others, ...insideOfMultimodal(name)]
  return [...new Set([...present, ...present.map(oldNormName)])]
}
