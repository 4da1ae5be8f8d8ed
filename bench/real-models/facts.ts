/** Facts of T-REx for models of different tokenizers: of each relation those whose answer is one word of all of them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import type { Tokenizer } from '#engine/models/tokenizer.ts'
import { sharedWords } from '#engine/tuning/teacher-answers.ts'

type Fact = { readonly sub: string; readonly obj: string }

/** Facts of each split, and how many of the train split are known without or with labels where few are. */
export const drawn = { train: 48, dev: 16, test: 60, few: 16 } as const

/** Refinement draws its inputs by this seed; the few labelled ones are the same. */
export const inputSeed = 1

export type RelationFacts = {
  /** Folders in the layout of T-REx: all of the facts drawn, and the few of the train split (a quarter of them to validate with). */
  readonly all: string
  readonly few: string
  /** The answers of the relation, one a line. */
  readonly answers: string
}

async function readFacts(path: string): Promise<Fact[]> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n')
  return lines.map((line): Fact => JSON.parse(line))
}

async function writeFacts(folder: string, split: string, facts: readonly Fact[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${split}.jsonl`), facts.map((fact) => JSON.stringify(fact)).join('\n'))
}

/** A seeded draw of each split's facts, written below `out` with the list of all their answers. @param trex folder of relations */
export async function drawFacts(
  relation: string,
  trex: string,
  out: string,
  tokenizers: readonly Tokenizer[]
): Promise<RelationFacts> {
  const all = join(out, 'all', relation)
  const few = join(out, 'few', relation)
  const answers = new Set<string>()
  for (const split of ['train', 'dev', 'test'] as const) {
    const facts = await readFacts(join(trex, relation, `${split}.jsonl`))
    const objects = facts.map(({ obj }) => obj)
    const known = new Set(sharedWords(objects, tokenizers))
    const answerable = facts.filter(({ obj }) => known.has(obj))
    for (const { obj } of answerable) answers.add(obj)
    const taken = shuffled(answerable, seededUniform(1)).slice(0, drawn[split])
    await writeFacts(all, split, taken)
    if (split !== 'train') continue
    const asked = shuffled(taken, seededUniform(inputSeed)).slice(0, drawn.few)
    await writeFacts(few, 'dev', asked.slice(0, drawn.few / 4))
    await writeFacts(few, 'train', asked.slice(drawn.few / 4))
  }
  const list = join(out, `${relation}.txt`)
  await writeFile(list, [...answers].sort().join('\n'))
  return { all, few, answers: list }
}
