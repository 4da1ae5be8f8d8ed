/**
 * Reports of models, kept for the user between programs: to say what a model is, none of its files is read again while
 * they stand. What computes with a table reads it all the same, and finds out then whether the report is true.
 */
import { createHash } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type ModelReference, type ModelReport, modelReportSchema } from '#engine/common/contract/models.ts'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'
import { readJsonFile } from '#engine/files/text-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where a user's programs keep what they can make again; `ANCHORAGE_CACHE` names another folder. */
export function userCache(
  { ANCHORAGE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA }: Environment = process.env,
  home: string = homedir(),
  platform: NodeJS.Platform = process.platform
): string {
  if (ANCHORAGE_CACHE) return ANCHORAGE_CACHE
  if (platform === 'win32') return join(LOCALAPPDATA || join(home, 'AppData', 'Local'), 'anchorage', 'cache')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'anchorage')
  return join(XDG_CACHE_HOME || join(home, '.cache'), 'anchorage')
}

/** A model as it lies in its folder now: two are equal while nothing that it is read from was changed. */
export type ModelPlace = { readonly key: string; readonly stamp: string }

/** A file's path, size, times of change of content and inode, and inode; empty for what is no file. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null)
  return found?.isFile() === true
    ? `${path} ${found.size} ${found.mtimeNs} ${found.ctimeNs} ${found.ino}\n`
    : ''
}

/** All files of the folder and its `onnx/`: which of them the model is made of is known only when it was read. */
export async function placeOf(reference: ModelReference, folder: string): Promise<ModelPlace> {
  const files: string[] = []
  for (const part of [folder, join(folder, 'onnx')]) {
    const names = await readdir(part).catch((): string[] => [])
    files.push(...names.sort().map((name) => join(part, name)))
  }
  return {
    key: JSON.stringify([reference.folder, folder, reference.weights ?? null, reference.tensor ?? null]),
    stamp: (await Promise.all(files.map(stampOf))).join('')
  }
}

const entrySchema = z.object({
  program: z.string(),
  stamp: z.string(),
  /** The file of the table, which may lie deeper in the folder. */
  table: z.object({ file: z.string(), stamp: z.string() }),
  report: modelReportSchema
})

function entryPath({ key }: ModelPlace): string {
  return join(userCache(), 'models', `${createHash('sha256').update(key).digest('hex')}.json`)
}

/** This program, by its own file: another build may say something else of the same model. */
const program = stampOf(fileURLToPath(import.meta.url))

/** The report that was kept of a model, where its files are as they were. */
export async function keptReport(place: ModelPlace): Promise<ModelReport | undefined> {
  const entry = entrySchema.safeParse(await readJsonFile(entryPath(place)).catch(() => undefined)).data
  if (entry === undefined || entry.program !== (await program) || entry.stamp !== place.stamp)
    return undefined
  return entry.table.stamp === (await stampOf(entry.table.file)) ? entry.report : undefined
}

/**
 * Keeps the report of a model. Where the cache can't be written, the model is read again next time.
 * @param table the file that its table was read from
 */
export async function keepReport(place: ModelPlace, table: string, report: ModelReport): Promise<void> {
  const entry: z.input<typeof entrySchema> = {
    program: await program,
    stamp: place.stamp,
    table: { file: table, stamp: await stampOf(table) },
    report
  }
  await writeJsonFile(entryPath(place), entry).catch(() => {})
}

/** Forgets the report of a model, whose files are others than they look. */
export async function forgetReport(place: ModelPlace): Promise<void> {
  await rm(entryPath(place), { force: true }).catch(() => {})
}
