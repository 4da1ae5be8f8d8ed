/**
 * LAMA / OptiPrompt relation folders: `<relation>/{train,dev,test}.jsonl` with subject and object per line,
 * the manual template from `LAMA_relations.jsonl`, and a common vocabulary within which predictions are ranked.
 */

import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  type Example,
  type RelationSource,
  relationKinds,
  type SplitName,
  splitNames,
  type Task
} from '#engine/common/contract/tasks.ts'
import { containedPath } from '#engine/common/files/contained-path.ts'
import { exists } from '#engine/common/files/exists.ts'
import { readLines } from '#engine/files/text-file.ts'
import { readJsonLines } from './json-lines.ts'

/** OptiPrompt and LAMA write `sub_label`, `obj_label`; other copies of T-REx write `sub`, `obj`. */
const factSchema = z
  .object({
    sub_label: z.string().optional(),
    sub: z.string().optional(),
    obj_label: z.string().optional(),
    obj: z.string().optional(),
    uuid: z.string().optional()
  })
  .transform((line, context) => {
    const [subject, object] = [line.sub_label ?? line.sub, line.obj_label ?? line.obj]
    if (subject !== undefined && object !== undefined) return { subject, object, uuid: line.uuid }
    const expected =
      subject === undefined ? 'a subject in `sub_label` or `sub`' : 'an object in `obj_label` or `obj`'
    context.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })

const relationSchema = z.object({
  relation: z.string(),
  template: z.string(),
  label: z.string().optional(),
  type: z.string().optional()
})

/** The places where a relation's template usually stands, nearest first. */
function metainfoPlaces(folder: string): string[] {
  const places: string[] = []
  let above = resolve(folder)
  for (let level = 0; level < 4; level++) {
    places.push(join(above, 'LAMA_relations.jsonl'), join(above, 'relation_metainfo', 'LAMA_relations.jsonl'))
    above = dirname(above)
  }
  return places
}

type RelationEntry = z.infer<typeof relationSchema>

async function findEntry(source: RelationSource, relation: string): Promise<RelationEntry | undefined> {
  const places = source.metainfo === undefined ? metainfoPlaces(source.folder) : [source.metainfo]
  for (const place of places) {
    if (source.metainfo === undefined && !(await exists(place))) continue
    const entry = (await readJsonLines(place, relationSchema)).find((line) => line.relation === relation)
    if (entry !== undefined) return entry
  }
  return undefined
}

/** Kinds are those of LAMA; another word in their place says nothing. */
function infoOf({ label, type }: RelationEntry): NonNullable<Task['relation']> {
  return { label: label ?? null, kind: relationKinds.find((kind) => kind === type) ?? null }
}

async function readSplit(
  folder: string,
  split: SplitName
): Promise<{ examples: Example[]; repeated: number }> {
  const path = await containedPath(folder, `${split}.jsonl`)
  if (path === undefined) return { examples: [], repeated: 0 }
  const facts = await readJsonLines(path, factSchema)
  const distinct = new Map<string, Example>()
  for (const [index, fact] of facts.entries()) {
    const key = JSON.stringify([fact.subject, fact.object])
    if (distinct.has(key)) continue
    distinct.set(key, { id: fact.uuid ?? `${split}:${index}`, input: fact.subject, label: fact.object })
  }
  return { examples: [...distinct.values()], repeated: facts.length - distinct.size }
}

/** A vocabulary has some 20,000 words, the largest some 300,000. */
const mostWords = 5_000_000

/** The words of a list file, one per line, in order and without repeats. */
export async function readWordList(path: string): Promise<string[]> {
  const words = (await readLines(path, mostWords)).map((line) => line.trim())
  return [...new Set(words.filter((word) => word !== ''))]
}

/** Reads one relation as a task; every split holds distinct (subject, object) pairs. */
export async function readRelationFolder(source: RelationSource): Promise<Task> {
  const relation = basename(resolve(source.folder))
  const notes: string[] = []
  const splits: Task['splits'] = { train: [], dev: [], test: [] }
  for (const split of splitNames) {
    const { examples, repeated } = await readSplit(source.folder, split)
    splits[split] = examples
    if (repeated > 0) notes.push(`${split}: ${repeated} repeated pairs left out`)
    if (examples.length === 0) notes.push(`${split}: no facts`)
  }
  if (splitNames.every((split) => splits[split].length === 0)) {
    throw new AnchorageError('file-not-found', 'The folder holds no facts.', {
      where: source.folder,
      expected: 'train.jsonl, dev.jsonl or test.jsonl with a subject and an object per line',
      next: 'Give a relation folder such as trex/P19.'
    })
  }
  const entry = await findEntry(source, relation)
  const template = source.template ?? entry?.template ?? null
  if (template === null) notes.push('no manual template found')
  const candidates = source.commonVocabulary === null ? null : await readWordList(source.commonVocabulary)
  return {
    name: relation,
    kind: 'relation',
    relation: entry === undefined ? null : infoOf(entry),
    template,
    splits,
    candidates,
    notes
  }
}
