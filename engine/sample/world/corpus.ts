/**
 * Sentences of the small world, endless and seeded: facts in many wordings, two facts in one sentence, ordinary
 * sentences that use the same words, and labelled texts. Every fact occurs, so that a model can know it; the
 * wording of the manual templates never does.
 */
import { seededUniform, type UniformSource } from '#engine/common/random/seeded-random.ts'
import { fillNames, pick } from './fill.ts'
import { labelledText, seenLabelSentence } from './labelled-texts.ts'
import type { Fact, Relation, World } from './read-world.ts'

/** How often each kind of sentence is made. */
const shares = { fact: 0.6, twoFacts: 0.15, ordinary: 0.17, labelled: 0.08 }

function factSentence(relation: Relation, fact: Fact, uniform: UniformSource): string {
  return pick(relation.paraphrases, uniform).replace('[X]', fact.subject).replace('[Y]', fact.object)
}

function joined(first: string, second: string): string {
  return `${first.replace(/ \.$/, '')} , and ${second}`
}

/** A source of sentences for a seed. */
export function createCorpus(world: World, seed: number): () => string {
  const uniform = seededUniform(seed)
  // A fact is as likely as any other, so relations count by their facts.
  const facts = world.relations.flatMap((relation) => relation.facts.map((fact) => ({ relation, fact })))
  const factsAbout = new Map<string, { relation: Relation; fact: Fact }[]>()
  for (const known of facts) {
    const subject = `${known.relation.table}:${known.fact.subject}`
    factsAbout.set(subject, [...(factsAbout.get(subject) ?? []), known])
  }

  const twoFacts = (): string => {
    const { relation, fact } = pick(facts, uniform)
    const other = pick(factsAbout.get(`${relation.table}:${fact.subject}`) ?? [], uniform)
    return joined(factSentence(relation, fact, uniform), factSentence(other.relation, other.fact, uniform))
  }

  return () => {
    const kind = uniform()
    if (kind < shares.fact) {
      const { relation, fact } = pick(facts, uniform)
      return factSentence(relation, fact, uniform)
    }
    if (kind < shares.fact + shares.twoFacts) return twoFacts()
    if (kind < shares.fact + shares.twoFacts + shares.ordinary) {
      return fillNames(pick(world.ordinarySentences, uniform), world, uniform)
    }
    return seenLabelSentence(
      labelledText(world, pick(['sentiment', 'topic'], uniform), uniform),
      world,
      uniform
    )
  }
}
