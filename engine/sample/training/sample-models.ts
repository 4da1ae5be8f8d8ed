/** The sample's models: families, sizes, seeds and shares of the corpus, different as real models are. */
import type { LanguageModelFamily } from './language-model-shape.ts'

export type SampleModel = {
  readonly name: string
  readonly family: LanguageModelFamily
  readonly embedding: number
  readonly hidden: number
  readonly layers: number
  readonly heads: number
  /** Words (WordPiece, Unigram) or merges (BPE) of its tokenizer. */
  readonly tokens: number
  /** Decides weights, corpus and order. */
  readonly seed: number
  readonly steps: number
}

export const sampleModels: readonly SampleModel[] = [
  {
    name: 'bert-small',
    family: 'bert',
    embedding: 64,
    hidden: 64,
    layers: 2,
    heads: 4,
    tokens: 2600,
    seed: 11,
    steps: 10_000
  },
  {
    name: 'roberta-small',
    family: 'roberta',
    embedding: 64,
    hidden: 64,
    layers: 2,
    heads: 4,
    tokens: 6000,
    seed: 13,
    steps: 8000
  },
  {
    name: 'bert-large',
    family: 'bert',
    embedding: 96,
    hidden: 96,
    layers: 3,
    heads: 6,
    tokens: 2600,
    seed: 12,
    steps: 8000
  },
  {
    name: 'roberta-large',
    family: 'roberta',
    embedding: 96,
    hidden: 96,
    layers: 2,
    heads: 6,
    tokens: 6000,
    seed: 14,
    steps: 5000
  },
  {
    name: 'albert',
    family: 'albert',
    embedding: 48,
    hidden: 96,
    layers: 3,
    heads: 6,
    tokens: 2600,
    seed: 15,
    steps: 8000
  },
  {
    name: 'gpt2',
    family: 'gpt2',
    embedding: 64,
    hidden: 64,
    layers: 2,
    heads: 4,
    tokens: 6000,
    seed: 16,
    steps: 5000
  }
]
