/**
 * The world's facts and labelled texts as task files: LAMA-style relation folders with their manual templates,
 * the common vocabulary, and TSV files for classification. The same readers serve them and the real ones.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RelationKind, type SplitName, splitNames } from '#engine/common/contract/tasks.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import { type ClassificationName, labelledText } from './labelled-texts.ts'
import type { Relation, World } from './read-world.ts'

/** Shares of train and dev; the rest is test. */
const splitShares = { train: 0.5, dev: 0.15 }
const labelledTexts: Record<SplitName, number> = { train: 160, dev: 60, test: 200 }

function splitFacts<T>(facts: readonly T[]): Record<SplitName, T[]> {
  const train = Math.round(facts.length * splitShares.train)
  const dev = Math.round(facts.length * splitShares.dev)
  return {
    train: facts.slice(0, train),
    dev: facts.slice(train, train + dev),
    test: facts.slice(train + dev)
  }
}

async function writeRelation(relation: Relation, folder: string, seed: number): Promise<void> {
  const path = join(folder, 'relations', relation.relation)
  await mkdir(path, { recursive: true })
  const splits = splitFacts(shuffled(relation.facts, seededUniform(seed)))
  for (const split of splitNames) {
    const lines = splits[split].map(({ subject, object }, index) =>
      JSON.stringify({
        predicate_id: relation.relation,
        sub_label: subject,
        obj_label: object,
        uuid: `${relation.relation}-${split}-${index}`
      })
    )
    await writeFile(join(path, `${split}.jsonl`), `${lines.join('\n')}\n`)
  }
}

async function writeClassification(world: World, task: ClassificationName, folder: string, seed: number) {
  const path = join(folder, task)
  await mkdir(path, { recursive: true })
  const uniform = seededUniform(seed)
  const seen = new Set<string>()
  for (const split of splitNames) {
    const lines = ['text\tlabel']
    while (lines.length <= labelledTexts[split]) {
      const { text, label } = labelledText(world, task, uniform)
      if (seen.has(text)) continue
      seen.add(text)
      lines.push(`${text}\t${label}`)
    }
    await writeFile(join(path, `${split}.tsv`), `${lines.join('\n')}\n`)
  }
}

/** Every word that can be an answer or a subject: predictions are ranked within these. */
function commonVocabulary(world: World): string[] {
  const words = new Set([...world.names.values()].flat())
  for (const relation of world.relations) for (const { object } of relation.facts) words.add(object)
  return [...words].sort()
}

/** Every subject has one object; where none of them has another subject, each determines the other. */
function kindOf(facts: Relation['facts']): RelationKind {
  return new Set(facts.map(({ object }) => object)).size === facts.length ? '1-1' : 'N-1'
}

/** Writes all task files below `folder`. */
export async function writeTasks(world: World, folder: string, seed: number): Promise<void> {
  for (const [index, relation] of world.relations.entries())
    await writeRelation(relation, folder, seed + index)
  await mkdir(join(folder, 'relation_metainfo'), { recursive: true })
  const metainfo = world.relations.map(({ relation, template, label, facts }) =>
    JSON.stringify({ relation, template, label, type: kindOf(facts) })
  )
  await writeFile(join(folder, 'relation_metainfo', 'LAMA_relations.jsonl'), `${metainfo.join('\n')}\n`)
  await writeFile(join(folder, 'common_vocabulary.txt'), `${commonVocabulary(world).join('\n')}\n`)
  await writeClassification(world, 'sentiment', folder, seed + 1000)
  await writeClassification(world, 'topic', folder, seed + 1001)
}
