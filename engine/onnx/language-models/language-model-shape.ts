/** The sizes that make a language model of one of the classic families. */

export type LanguageModelFamily = 'bert' | 'roberta' | 'albert' | 'gpt2'

export type LanguageModelShape = {
  readonly family: LanguageModelFamily
  /** `V`, rows of the word-embedding table. */
  readonly vocabulary: number
  /** `e`, width of the word embeddings; smaller than `hidden` in ALBERT alone. */
  readonly embedding: number
  /** `d`, width of the layers. */
  readonly hidden: number
  /** Width of the feed-forward layers, usually `4·d`. */
  readonly inner: number
  readonly layers: number
  readonly heads: number
  /** Longest sequence, in tokens. */
  readonly positions: number
}

/** How a weight starts: `normal` around 0, `one` and `zero` for scales and biases. */
export type WeightStart = 'normal' | 'one' | 'zero'

/** Gives the values of a weight by name; `dims` are its sizes. */
export type WeightSource = (name: string, dims: readonly number[], start: WeightStart) => Float32Array
