/** The words of a model, as every transfer compares them: by surface and word start. */

/** One entry of a tokenizer's vocabulary. */
export type Token = {
  readonly id: number
  /** As stored in the tokenizer, marker included: `Ġthe`, `##ing`, `▁the`. */
  readonly stored: string
  /** Decoded to Unicode, without marker. */
  readonly surface: string
  readonly beginsWord: boolean
  readonly kind: 'word' | 'special' | 'unused' | 'byte'
}

/** The tokens of one model in order of id; ids may have gaps. */
export type Vocabulary = {
  readonly tokens: readonly Token[]
  /** Token of an id, or undefined for a padding row. */
  readonly byId: ReadonlyMap<number, Token>
}
