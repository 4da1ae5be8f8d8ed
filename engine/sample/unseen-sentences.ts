/**
 * Sentences that no model was trained on. Another seed alone does not give them: facts and wordings are finite, so
 * most sentences of any stream occur in every other.
 */
import type { SampleModel } from './training/sample-models.ts'
import { sentencesRead } from './training/train-model.ts'
import { createCorpus } from './world/corpus.ts'
import type { World } from './world/read-world.ts'

/** Drawn for every sentence that is wanted; about one in five is in no training stream. */
const drawnPerSentence = 10

/**
 * `count` different sentences, none of which occurs in what any of `models` read in training.
 * @param seed of the stream that they are drawn from
 */
export function unseenSentences(
  world: World,
  models: readonly Pick<SampleModel, 'seed' | 'steps'>[],
  seed: number,
  count: number
): string[] {
  const draw = createCorpus(world, seed)
  const unseen = new Set(Array.from({ length: count * drawnPerSentence }, draw))
  for (const model of models) {
    const next = createCorpus(world, model.seed)
    for (let read = 0; read < sentencesRead(model.steps); read++) unseen.delete(next())
  }
  if (unseen.size < count) throw new RangeError(`only ${unseen.size} of ${count} sentences are unseen`)
  return [...unseen].slice(0, count)
}
