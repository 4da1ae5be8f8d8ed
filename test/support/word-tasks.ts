/** Small tasks of words that are one token in each of the four reference models. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

const subjects = [
  'king',
  'singer',
  'doctor',
  'station',
  'guitar',
  'island',
  'river',
  'school',
  'war',
  'music',
  'league',
  'house'
]
const objects = ['france', 'germany', 'japan', 'italy']

export const wordTemplate = '[X] is in [Y] .'

/** Facts of subject and object by a rule: the n-th subject belongs to object n modulo 4. */
export function wordFacts(count = subjects.length): { sub: string; obj: string }[] {
  return subjects.slice(0, count).map((sub, index) => ({ sub, obj: objects[index % objects.length] }))
}

/** A relation folder with the given splits, `words.txt` of candidates beside it, and its template above it. */
export async function wordRelation(
  splits: Record<string, readonly object[]> = { train: wordFacts(), dev: wordFacts(), test: wordFacts() },
  name = 'P1'
): Promise<{ root: string; folder: string; commonVocabulary: string }> {
  const root = await temporaryFolder()
  const folder = join(root, name)
  await mkdir(folder)
  for (const [split, facts] of Object.entries(splits)) {
    const lines = facts.map((fact) => JSON.stringify(fact))
    await writeFile(join(folder, `${split}.jsonl`), `${lines.join('\n')}\n`)
  }
  await writeFile(
    join(root, 'LAMA_relations.jsonl'),
    JSON.stringify({ relation: name, template: wordTemplate })
  )
  const commonVocabulary = join(root, 'words.txt')
  await writeFile(commonVocabulary, [...objects, 'spain', 'canada'].join('\n'))
  return { root, folder, commonVocabulary }
}
