/** Anchor sets as text files. */
import { parse, resolve } from 'node:path'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { writeFiles } from '#engine/common/files/write-whole.ts'
import { readLines } from '#engine/files/text-file.ts'
import { formatAnchorSet, parseAnchorSet } from './anchor-text.ts'

/** Anchors are tokens of every model; the largest vocabularies have some 300,000. */
const mostLines = 2_000_000

/** Reads an exported set or a plain word list, which is named after its file. @throws as {@link parseAnchorSet} does */
export async function readAnchorSet(path: string): Promise<AnchorSet> {
  return parseAnchorSet(await readLines(path, mostLines), path, parse(path).name)
}

/** Exports a set, whole or not at all. @throws `write-failed`: a file is there and `overwrite` is not set, or the system's reason */
export async function writeAnchorSet(set: AnchorSet, path: string, overwrite: boolean): Promise<void> {
  await writeFiles(
    [{ path: resolve(path), bytes: new TextEncoder().encode(formatAnchorSet(set)) }],
    overwrite
  )
}
