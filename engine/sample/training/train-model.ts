/** Trains one of the sample's models on the small world, from its seed alone, and writes its folder. */

import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { openTokenizer, type Tokenizer } from '#engine/models/tokenizer.ts'
import { adamDefaults, createAdam } from '#engine/optimiser/adam.ts'
import { linearWarmupAndDecay } from '#engine/optimiser/schedule.ts'
import { makeTokenizer } from '../tokenizers/tokenizer-files.ts'
import { countWords } from '../tokenizers/word-counts.ts'
import { createCorpus } from '../world/corpus.ts'
import type { World } from '../world/read-world.ts'
import type { LanguageModelShape } from './language-model-shape.ts'
import { longestSequence, writeModel, writeTokenizer } from './model-folder.ts'
import type { SampleModel } from './sample-models.ts'
import { trainingBatch } from './training-batch.ts'
import { trainingStep } from './training-step.ts'
import { startWeights } from './weights.ts'

const recipe = {
  sentencesPerBatch: 64,
  learningRate: 3e-3,
  weightDecay: 0.01,
  warmup: 0.05,
  /** Sentences that the tokenizer's words are counted in. */
  countedSentences: 40_000,
  positions: 64
}

/** Sentences of its stream that a model reads: those its tokenizer is made from, then its batches. */
export function sentencesRead(steps: number): number {
  return recipe.countedSentences + steps * recipe.sentencesPerBatch
}

/** The tokens of the world's names and of what is said of them. */
function salientTokens(world: World, tokenizer: Tokenizer): Set<number> {
  const words = [...world.names.values()].flat()
  for (const { facts } of world.relations) words.push(...facts.map(({ object }) => object))
  return new Set(words.flatMap((word) => tokenizer.encode(` ${word}`)))
}

export type TrainingProgress = { readonly step: number; readonly steps: number; readonly loss: number }

/**
 * Trains `settings` and writes the model to `folder`.
 * @param threads of onnxruntime; undefined: its own choice
 */
export async function trainModel(
  world: World,
  settings: SampleModel,
  folder: string,
  threads: number | undefined,
  onProgress: (progress: TrainingProgress) => void
): Promise<void> {
  const { family, embedding, hidden, layers, heads, seed, steps } = settings
  const nextSentence = createCorpus(world, seed)
  const files = makeTokenizer(countWords(nextSentence, recipe.countedSentences), {
    family,
    size: settings.tokens
  })
  const { positions } = recipe
  const shape: LanguageModelShape = {
    family,
    vocabulary: files.size,
    embedding,
    hidden,
    inner: 4 * hidden,
    layers,
    heads,
    positions
  }
  await writeTokenizer(folder, files, shape)
  const tokenizer = await openTokenizer(folder)

  const salient = salientTokens(world, tokenizer)
  const isSalient = (id: number) => salient.has(id)
  const weights = startWeights(shape, seed)
  const step = await trainingStep(shape, weights, threads)
  const uniform = seededUniform(seed)
  const adams = new Map(
    [...weights].map(([name, { dims, values }]) => {
      // Scales and biases are not decayed, as BERT and GPT-2 were trained.
      const weightDecay = dims.length > 1 ? recipe.weightDecay : 0
      return [name, createAdam(values.length, { ...adamDefaults, weightDecay })]
    })
  )
  for (let taken = 0; taken < steps; taken++) {
    const sentences = Array.from({ length: recipe.sentencesPerBatch }, nextSentence)
    const batch = trainingBatch(sentences, tokenizer, longestSequence(shape), isSalient, uniform)
    const { loss, gradients } = await step.run(batch)
    const rate = recipe.learningRate * linearWarmupAndDecay(taken, recipe.warmup * steps, steps)
    for (const [name, { values }] of weights) {
      const gradient = gradients.get(name)
      if (gradient !== undefined) adams.get(name)?.(values, gradient, rate)
    }
    onProgress({ step: taken + 1, steps, loss })
  }
  await step.release()
  await writeModel(folder, shape, weights)
}
