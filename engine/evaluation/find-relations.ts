/** Relation folders below a folder, such as all of T-REx. */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { AnchorageError, causedBy } from '#engine/common/contract/errors.ts'
import { type FoundRelation, splitNames } from '#engine/common/contract/tasks.ts'

const splitFiles: readonly string[] = splitNames.map((split) => `${split}.jsonl`)

/** How many levels down relations are looked for: a data folder, its parts, the relations. */
const mostLevels = 3

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (cause) {
    throw causedBy(cause, 'file-not-found', 'The folder could not be read.', {
      where: folder,
      next: 'Check the path.'
    })
  }
}

async function collect(folder: string, level: number, found: FoundRelation[]): Promise<void> {
  const entries = await list(folder)
  if (entries.some((entry) => splitFiles.includes(entry.name))) {
    found.push({ name: basename(folder), folder })
    return
  }
  if (level === mostLevels) return
  for (const entry of entries)
    if (entry.isDirectory()) await collect(join(folder, entry.name), level + 1, found)
}

/**
 * The relation folders at or below a folder, by name with numbers in their order (P9 before P10).
 * @throws `file-not-found` where the folder or any relation is missing
 */
export async function findRelations(folder: string): Promise<FoundRelation[]> {
  const found: FoundRelation[] = []
  await collect(resolve(folder), 0, found)
  if (found.length === 0) {
    throw new AnchorageError('file-not-found', 'There are no relations in or below the folder.', {
      where: folder,
      expected: 'folders with train.jsonl, dev.jsonl or test.jsonl',
      next: 'Give the folder that holds the relations, such as trex/ with trex/P19/test.jsonl in it.'
    })
  }
  return found.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}
