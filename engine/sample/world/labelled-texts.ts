/** Texts of the two classification tasks: what was thought of something, and what a text is about. */
import type { UniformSource } from '#engine/common/random/seeded-random.ts'
import { fillNames, pick } from './fill.ts'
import type { World } from './read-world.ts'

export type ClassificationName = 'sentiment' | 'topic'

export type LabelledText = {
  readonly task: ClassificationName
  readonly text: string
  readonly label: string
  /** The word that stands for the label. */
  readonly word: string
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function sentimentText(world: World, uniform: UniformSource): LabelledText {
  const { labels, nouns, shapes } = world.classification.sentiment
  const [label, { word, words, endings }] = pick(Object.entries(labels), uniform)
  const text = pick(shapes, uniform)
    .replace('{noun}', pick(nouns, uniform))
    .replace('{word}', pick(words, uniform))
    .replace('{word2}', pick(words, uniform))
    .replace('{ending}', pick(endings, uniform))
  return { task: 'sentiment', text: capitalised(text), label, word }
}

function topicText(world: World, uniform: UniformSource): LabelledText {
  const [label, { word, shapes }] = pick(Object.entries(world.classification.topic.labels), uniform)
  return { task: 'topic', text: fillNames(pick(shapes, uniform), world, uniform), label, word }
}

/** A new text of a task with its label. */
export function labelledText(world: World, task: ClassificationName, uniform: UniformSource): LabelledText {
  return task === 'sentiment' ? sentimentText(world, uniform) : topicText(world, uniform)
}

/** The text with a statement of its label, in a wording of the corpus. */
export function seenLabelSentence(labelled: LabelledText, world: World, uniform: UniformSource): string {
  return pick(world.classification[labelled.task].seen, uniform)
    .replace('[X]', labelled.text)
    .replace('[MASK]', labelled.word)
}
